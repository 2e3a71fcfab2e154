/**
 * `npm run sim -- --schedules 2000 --seed 1`: runs schedules of the simulator and says what they showed; exits 1 if the
 * contract was broken. `--first-bad-verbose` prints the history of the first bad schedule, `--replay SEED` that of one.
 */

import { parseArgs } from "node:util";
import {
  PROBES,
  runCampaign,
  type SimulateResult,
  simulate,
  VIOLATION_CLASSES,
} from "../src/testing/simulation/index.js";

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    replay: { type: "string" },
    "first-bad-verbose": { type: "boolean", default: false },
  },
});

const wholeNumber = (name: "schedules" | "seed" | "replay"): number => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${name} must be a whole number from 0 on, got ${JSON.stringify(values[name])}`);
};

const say = (line = ""): void => void process.stdout.write(`${line}\n`);

const printHistory = ({ history }: SimulateResult): void => {
  for (const { at, kind, ...rest } of history)
    say(`${String(at).padStart(7)} ${kind.padEnd(12)} ${JSON.stringify(rest)}`);
};

const printViolations = ({ violations }: SimulateResult): void => {
  for (const { class: name, operation, text } of violations) say(`  ${name}: ${operation ?? ""} ${text}`);
};

async function replay(seed: number): Promise<boolean> {
  const result = await simulate({ seed });
  printHistory(result);
  say(`\nseed ${seed}: ${result.messages} messages, ${result.violations.length} violations, history ${result.hash}`);
  printViolations(result);
  return result.violations.length === 0;
}

async function campaign(schedules: number, seed: number): Promise<boolean> {
  let done = 0;
  const startedAt = performance.now();
  const result = await runCampaign({
    schedules,
    seed,
    onSchedule: () => {
      if (++done % 250 === 0) say(`${done} schedules …`);
      return true;
    },
  });
  say(`schedules   ${result.schedules} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  say(`messages    ${result.messages}`);
  say("violations");
  for (const name of VIOLATION_CLASSES) say(`  ${name.padEnd(14)} ${result.violations.get(name)}`);
  say("probes");
  for (const name of PROBES) say(`  ${name.padEnd(24)} ${result.probes.of(name)}`);
  if (result.firstBadSeed === null) return true;
  say(`first bad seed: ${result.firstBadSeed} (npm run sim -- --replay ${result.firstBadSeed})`);
  if (values["first-bad-verbose"]) await replay(result.firstBadSeed);
  else printViolations(await simulate({ seed: result.firstBadSeed }));
  return false;
}

const isGood =
  values.replay === undefined
    ? await campaign(wholeNumber("schedules"), wholeNumber("seed"))
    : await replay(wholeNumber("replay"));
process.exit(isGood ? 0 : 1);
