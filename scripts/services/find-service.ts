import type { Here } from "./outcome.js";
import { placeOf } from "./place.js";
import { readNotes } from "./process-note.js";
import type { Service } from "./service.js";

/**
 * The one that the environment names; `null` when it names none. It need not answer: the tests will say so. Rejects when it is
 * another kind of server than the tests mean.
 */
export async function findGiven(service: Service, environment: NodeJS.ProcessEnv): Promise<Here | null> {
  const url = environment[service.variable];
  if (!url) return null;
  if (!URL.canParse(url))
    throw new Error(`what ${service.variable} says is no address: mysql://user@host:port/base is one`);
  const version = await service.greet(url).catch((error: Error) => `no version (${error.message})`);
  const objection = service.objectTo?.(version) ?? null;
  if (objection !== null) throw new Error(objection);
  return { kind: "given", service, url, version };
}

/** Whether all processes run that were written down for the private one. */
export function isRunning({ recipe, name }: Service, root: string): boolean {
  if (recipe === null) return false;
  const place = placeOf(root, name, recipe.user);
  const running = readNotes(place).length;
  return running > 0 && running === recipe.daemons(place).length;
}

/** The private one that runs and serves; `null` when it does not. */
async function findRunning(service: Service, root: string): Promise<Here | null> {
  const { recipe } = service;
  if (recipe === null || !isRunning(service, root)) return null;
  const version = await service.greet(recipe.url).catch(() => null);
  return version === null ? null : { kind: "running", service, url: recipe.url, version };
}

/** Given or running; `null` when there is neither. */
export async function findService(service: Service, root: string, environment = process.env): Promise<Here | null> {
  return (await findGiven(service, environment)) ?? (await findRunning(service, root));
}
