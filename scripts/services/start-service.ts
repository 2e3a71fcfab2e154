import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { findGiven, isRunning } from "./find-service.js";
import { installMissing } from "./install-service.js";
import type { Outcome } from "./outcome.js";
import type { PackageInstaller } from "./package-installer.js";
import { openServicesFolder, type Place, placeOf, renewData } from "./place.js";
import { takenPort } from "./port.js";
import { lastLines } from "./run-program.js";
import type { Recipe, Service } from "./service.js";
import { endOf, startDaemons } from "./start-daemons.js";
import { stopService } from "./stop-service.js";

/** What starting needs from outside. */
export interface StartSettings {
  /** The folder of all services. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly installer: PackageInstaller;
  readonly say: (line: string) => void;
  /** When it is aborted, what is half started is stopped. */
  readonly signal: AbortSignal;
  /** How long a service may take until it serves; 90 s if it is not said. */
  readonly limitMs?: number;
}

/** Sees to it that a service serves: the one that is given, the one that runs, or a new one. Never rejects. */
export async function startService(service: Service, settings: StartSettings): Promise<Outcome> {
  try {
    const given = await findGiven(service, settings.environment);
    return given ?? (await waitForRunning(service, settings)) ?? (await startPrivate(service, settings));
  } catch (error) {
    return { kind: "absent", service, reason: (error as Error).message };
  }
}

/** One that runs may be busy, or be starting on somebody else's word: it gets a while to answer. */
async function waitForRunning(service: Service, settings: StartSettings): Promise<Outcome | null> {
  const { recipe } = service;
  if (recipe === null || !isRunning(service, settings.root)) return null;
  const version = await readiness(service, recipe.url, { ...settings, limitMs: 20_000 }).catch(() => null);
  return version === null ? null : { kind: "running", service, url: recipe.url, version };
}

async function startPrivate(service: Service, settings: StartSettings): Promise<Outcome> {
  const { recipe, name } = service;
  if (recipe === null) throw new Error(`it is not run here: give ${service.variable}`);
  settings.signal.throwIfAborted();
  await installMissing(name, recipe, settings);
  openServicesFolder(settings.root);
  await stopService(service, settings.root);
  const port = await takenPort(recipe.ports);
  if (port !== null) throw new Error(`port ${port} is taken by another program: end it, or give ${service.variable}`);
  const place = placeOf(settings.root, name, recipe.user);
  try {
    const version = await bringUp(service, recipe, place, settings);
    return { kind: "started", service, url: recipe.url, version };
  } catch (error) {
    await stopService(service, settings.root);
    throw error;
  }
}

async function bringUp(service: Service, recipe: Recipe, place: Place, settings: StartSettings): Promise<string> {
  settings.say(`${service.name}: preparing`);
  renewData(place);
  await recipe.fetch?.(place);
  await recipe.initialise(place);
  settings.signal.throwIfAborted();
  settings.say(`${service.name}: starting`);
  return await untilReady(service, recipe, place, settings);
}

/** Starts its processes and resolves when it serves; rejects with the end of its log when one of them ends instead. */
async function untilReady(service: Service, recipe: Recipe, place: Place, settings: StartSettings): Promise<string> {
  const over = new AbortController();
  const signal = AbortSignal.any([settings.signal, over.signal]);
  const children = startDaemons(recipe.daemons(place), place);
  const ended = Promise.race(children.map(endOf)).then((how) => Promise.reject(new Error(`it ended with ${how}`)));
  try {
    return await Promise.race([ended, readiness(service, recipe.url, { ...settings, signal })]);
  } catch (error) {
    throw new Error(`${(error as Error).message}${lastLines(readFileSync(place.log, "utf8"))}`);
  } finally {
    over.abort();
  }
}

async function readiness(service: Service, url: string, { signal, limitMs = 90_000 }: StartSettings): Promise<string> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await service.greet(url);
    } catch (error) {
      const { message } = error as Error;
      if (performance.now() > deadline) throw new Error(`not ready within ${limitMs / 1000} s: ${message}`);
    }
    await sleep(100);
  }
}
