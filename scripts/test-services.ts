/**
 * `npm run test:services [-- filters]`: starts the services that tests need, runs the tests below test/services against
 * them, says what they ran against and what was left out, and stops what it has started; also when something fails.
 */

import { neededByTests } from "./services/catalogue.js";
import { watchInterruption } from "./services/interruption.js";
import { absent, addresses, describeOutcome, here, type Outcome } from "./services/outcome.js";
import { PackageInstaller } from "./services/package-installer.js";
import { servicesFolder } from "./services/place.js";
import { startProgress } from "./services/progress.js";
import { runVitest } from "./services/run-vitest.js";
import { startService } from "./services/start-service.js";
import { stopService } from "./services/stop-service.js";

const root = servicesFolder();
const say = startProgress();
const signal = watchInterruption(say);
const outcomes: Outcome[] = [];

try {
  const settings = { root, environment: process.env, installer: new PackageInstaller(say), say, signal };
  for (const service of neededByTests) {
    const outcome = await startService(service, settings);
    outcomes.push(outcome);
    say(describeOutcome(outcome));
  }
  const filters = process.argv.slice(2);
  const exitCode = signal.aborted ? 130 : await runVitest(filters, addresses(outcomes), signal);
  process.exitCode = signal.aborted ? 130 : exitCode;
  report();
} finally {
  for (const { service } of here(outcomes).filter(({ kind }) => kind === "started")) {
    await stopService(service, root);
    say(`${service.name} stopped`);
  }
}

function report(): void {
  console.log("\nthe tests ran against");
  for (const one of here(outcomes)) console.log(`  ${describeOutcome(one)}`);
  if (absent(outcomes).length > 0) console.log("and left out, skipped, what needs");
  for (const one of absent(outcomes)) console.log(`  ${describeOutcome(one)}`);
  console.log();
}
