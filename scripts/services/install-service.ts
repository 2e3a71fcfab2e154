import { findProgram } from "./find-program.js";
import type { PackageInstaller } from "./package-installer.js";
import { openServicesFolder, placeOf } from "./place.js";
import type { Recipe, Service, ServiceName } from "./service.js";

/** What installing needs from outside. */
export interface InstallSettings {
  /** The folder of all services. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly installer: PackageInstaller;
  readonly say: (line: string) => void;
}

/**
 * Brings the programs of a service, and starts nothing: a later start takes seconds. Nothing is to be done for one that the environment
 * names. Rejects with what a person can do.
 */
export async function installService(service: Service, settings: InstallSettings): Promise<void> {
  const { name, recipe, variable } = service;
  if (recipe === null || settings.environment[variable]) return;
  await installMissing(name, recipe, settings);
  openServicesFolder(settings.root);
  await recipe.fetch?.(placeOf(settings.root, name, recipe.user));
}

/** Installs the packages of a service whose programs are not all here. */
export async function installMissing(
  name: ServiceName,
  { packages, programs }: Recipe,
  { installer, say }: Pick<InstallSettings, "installer" | "say">,
): Promise<void> {
  if (programs.every((program) => findProgram(program) !== null)) return;
  say(`${name}: installing ${packages.join(", ")}`);
  await installer.install(packages);
  const missing = programs.filter((program) => findProgram(program) === null);
  if (missing.length > 0) throw new Error(`${packages.join(", ")} did not bring ${missing.join(", ")}`);
}
