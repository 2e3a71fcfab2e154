/**
 * `npm run services -- install | start | stop | status [names…]`: the databases and brokers that tests talk to, installed where that is
 * possible and run for this user alone, on 127.0.0.1. Without names: all of them. `install` starts nothing.
 */

import { catalogue, chooseServices } from "./services/catalogue.js";
import { findService } from "./services/find-service.js";
import { installService } from "./services/install-service.js";
import { watchInterruption } from "./services/interruption.js";
import { describeOutcome, type Outcome } from "./services/outcome.js";
import { PackageInstaller } from "./services/package-installer.js";
import { servicesFolder } from "./services/place.js";
import { startProgress } from "./services/progress.js";
import type { Service } from "./services/service.js";
import { startService } from "./services/start-service.js";
import { stopService } from "./services/stop-service.js";

const root = servicesFolder();
const say = startProgress();

const actions: Readonly<Record<string, (services: readonly Service[]) => Promise<void>>> = {
  install,
  start,
  stop,
  status,
};

async function install(services: readonly Service[]): Promise<void> {
  const settings = { root, environment: process.env, installer: new PackageInstaller(say), say };
  for (const service of services) {
    try {
      await installService(service, settings);
      say(`${service.name.padEnd(9)} ${service.recipe === null ? `give ${service.variable}` : "is installed"}`);
    } catch (error) {
      say(`${service.name.padEnd(9)} not available: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
}

async function start(services: readonly Service[]): Promise<void> {
  const signal = watchInterruption(say);
  const settings = { root, environment: process.env, installer: new PackageInstaller(say), say, signal };
  for (const service of services) {
    const outcome = await startService(service, settings);
    say(describeOutcome(outcome));
    if (signal.aborted) return;
    if (outcome.kind === "absent" && service.recipe !== null) process.exitCode = 1;
  }
}

async function stop(services: readonly Service[]): Promise<void> {
  for (const service of services) {
    if (service.recipe === null) continue;
    const ended = await stopService(service, root);
    say(`${service.name.padEnd(9)} ${ended > 0 ? "stopped" : "was not running"}`);
  }
}

async function status(services: readonly Service[]): Promise<void> {
  console.log(`data and logs: ${root}`);
  for (const service of services) {
    const reason = service.recipe === null ? `give ${service.variable}` : "it does not run";
    const outcome: Outcome = (await findService(service, root)) ?? { kind: "absent", service, reason };
    console.log(describeOutcome(outcome));
  }
}

const [name = "", ...names] = process.argv.slice(2);
const action = actions[name];
try {
  if (action === undefined) throw new Error(`"${name}" is nothing that can be done with services`);
  await action(chooseServices(names));
} catch (error) {
  const known = catalogue.map((service) => service.name).join(" ");
  console.error(`${(error as Error).message}\nusage: npm run services -- install | start | stop | status [${known}]`);
  process.exitCode = 2;
}
