/**
 * `npm run chaos -- --minutes 3 --seed 1`: three nodes, MariaDB, Redis, etcd and Kafka, all in processes of their own, a hundred
 * clients, and everything that can be harmed is; then everything is healed, comes to rest and is judged. Exits 1 if the contract was
 * broken.
 */

import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SeededRandom } from "../src/testing/fakes/random.js";
import { assertPorts, type ChaosArguments, parseChaosArguments } from "./chaos/chaos-arguments.js";
import { drawFaults } from "./chaos/faults/draw-faults.js";
import { allOrdeals } from "./chaos/ordeals/catalogue.js";
import { printOrdeal } from "./chaos/ordeals/print-ordeal.js";
import { isGood, type OrdealReport, runOrdeal } from "./chaos/ordeals/run-ordeal.js";
import { printStorm } from "./chaos/report/print-storm.js";
import { Site } from "./chaos/site/site.js";
import { runStorm } from "./chaos/storm.js";
import { watchInterruption } from "./services/interruption.js";

const NAMES = allOrdeals.map(({ name }) => name);

const HELP = `npm run chaos -- [--minutes N] [--seed N] [--clients N] [--ordeal NAME|all] [--json FILE]

  --minutes N     how long things go wrong, above 0 to 600; default 3. Starting, coming to rest and judging come on top
  --seed N        decides who talks to whom and what is harmed when; default 1
  --clients N     10 to 1000; default 100 for a storm: a fifth are the first of two devices of a user, a tenth speaks the original
                  protocol only. An ordeal has its own default
  --ordeal NAME   instead of a storm one harm on purpose, and how long everything takes: all, or
                  ${NAMES.join(", ")}
  --json FILE     writes the report there as well

MariaDB, Redis, etcd and Kafka have to be installed: \`npm run services -- start\` does that where it may, or says what to install.
They are private ones on 127.0.0.1, on 500 ports of their own from 21000 on, and gone afterwards. SHYIM_CHAOS_PORTS=N takes those from N on,
so that a second chaos runs beside the first. Exit code 0: all was as promised; 1: it was not; 2: it could not be run.
docs/cluster.md tells how to read what it prints.`;

/** The checker allows for a grace of 2 s. */
const ENVIRONMENT = { SHYIM_DRAIN_GRACE_MS: "2000" };

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const screen = {
  isTTY: process.stdout.isTTY === true,
  columns: process.stdout.columns ?? 120,
  write: (text: string) => void process.stdout.write(text),
};

async function storm(said: ChaosArguments & { readonly kind: "storm" }): Promise<boolean> {
  const { seed, minutes, clients, json } = said;
  const signal = watchInterruption(say);
  const site = await Site.start({ seed, say, environment: ENVIRONMENT });
  try {
    const plan = drawFaults(new SeededRandom(seed), minutes);
    const report = await runStorm(site, { seed, minutes, clients, plan, screen, signal });
    for (const line of printStorm(report)) say(line);
    if (json !== null) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
    if (report.historyFile !== null) await keepLogs(site, dirname(report.historyFile));
    return report.crashes.length === 0 && Object.values(report.violations).every((count) => count === 0);
  } finally {
    await site.close();
  }
}

/** What the nodes said goes with the site, and belongs beside the history. */
async function keepLogs(site: Site, folder: string): Promise<void> {
  for (const { name } of site.nodes) await copyFile(site.logOf(name), join(folder, `node-${name}.log`));
}

/** One after the other, each on a site of its own. What one showed stays to be read when the next one fails. */
async function ordeals(said: ChaosArguments & { readonly kind: "ordeal" }): Promise<boolean> {
  const signal = watchInterruption(say);
  const reports: OrdealReport[] = [];
  for (const ordeal of allOrdeals.filter(({ name }) => said.names.includes(name))) {
    if (signal.aborted) break;
    const report = await runOrdeal(ordeal, { seed: said.seed, clients: said.clients ?? ordeal.clients, say, signal });
    for (const line of printOrdeal(report)) say(line);
    reports.push(report);
  }
  if (said.json !== null) await writeFile(said.json, `${JSON.stringify(reports, null, 2)}\n`);
  return reports.every(isGood);
}

async function run(words: readonly string[]): Promise<number> {
  const said = parseChaosArguments(words, NAMES);
  if (said.kind === "help") say(HELP);
  else assertPorts(process.env.SHYIM_CHAOS_PORTS);
  const isAsPromised = said.kind === "help" || (await (said.kind === "storm" ? storm(said) : ordeals(said)));
  return isAsPromised ? 0 : 1;
}

/** What a person can do about it, where that is known. */
function wordsOf(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    return `${message}: another chaos is running on this machine; wait for its end, or choose other ports with SHYIM_CHAOS_PORTS`;
  }
  return code?.startsWith("ERR_PARSE_ARGS") || !isFault(error) ? message : (stack ?? message);
}

/** Something only a programmer can mend. */
const isFault = (error: unknown): boolean => error instanceof TypeError || error instanceof ReferenceError;

try {
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${wordsOf(error)}\n(npm run chaos -- --help tells what there is)\n`);
  process.exit(2);
}
