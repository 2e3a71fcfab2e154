/**
 * `npm run sim -- --schedules 2000 --seed 1`: runs schedules of the simulator and says what they showed; exits 1 if the
 * contract was broken. `--nodes 3` has three servers in each, `--nodes 1` one; otherwise some have three.
 * `--first-bad-verbose` prints the history of the first bad schedule, `--replay SEED` that of one.
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
    nodes: { type: "string" },
    replay: { type: "string" },
    "first-bad-verbose": { type: "boolean", default: false },
  },
});

const wholeNumber = (name: "schedules" | "seed" | "replay"): number => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${name} must be a whole number from 0 on, got ${JSON.stringify(values[name])}`);
};

const nodes = ((): { nodes?: 1 | 3 } => {
  if (values.nodes === undefined) return {};
  if (values.nodes === "1" || values.nodes === "3") return { nodes: values.nodes === "1" ? 1 : 3 };
  throw new Error(`--nodes must be 1 or 3, got ${JSON.stringify(values.nodes)}`);
})();

const say = (line = ""): void => void process.stdout.write(`${line}\n`);

const printHistory = ({ history }: SimulateResult): void => {
  for (const { at, kind, ...rest } of history)
    say(`${String(at).padStart(7)} ${kind.padEnd(12)} ${JSON.stringify(rest)}`);
};

const printViolations = ({ violations }: SimulateResult): void => {
  for (const { class: name, operation, text } of violations) say(`  ${name}: ${operation ?? ""} ${text}`);
};

async function replay(seed: number): Promise<boolean> {
  const result = await simulate({ seed, ...nodes });
  printHistory(result);
  say(
    `\nseed ${seed}: ${result.nodes} nodes, ${result.messages} messages, ${result.violations.length} violations, history ${result.hash}`,
  );
  printViolations(result);
  return result.violations.length === 0;
}

async function campaign(schedules: number, seed: number): Promise<boolean> {
  let done = 0;
  const byNodes = new Map<number, number>([
    [1, 0],
    [3, 0],
  ]);
  const startedAt = performance.now();
  const result = await runCampaign({
    schedules,
    seed,
    ...nodes,
    onSchedule: (_seed, result) => {
      byNodes.set(result.nodes, (byNodes.get(result.nodes) ?? 0) + 1);
      if (++done % 250 === 0) say(`${done} schedules …`);
      return true;
    },
  });
  say(`schedules   ${result.schedules} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  for (const [count, times] of byNodes) say(`  with ${count} node${count === 1 ? " " : "s"} ${times}`);
  say(`messages    ${result.messages}`);
  say("violations");
  for (const name of VIOLATION_CLASSES) say(`  ${name.padEnd(14)} ${result.violations.get(name)}`);
  say("probes");
  for (const name of PROBES) say(`  ${name.padEnd(24)} ${result.probes.of(name)}`);
  if (result.firstBadSeed === null) return true;
  say(
    `first bad seed: ${result.firstBadSeed} (npm run sim -- ${values.nodes === undefined ? "" : `--nodes ${values.nodes} `}--replay ${result.firstBadSeed})`,
  );
  if (values["first-bad-verbose"]) await replay(result.firstBadSeed);
  else printViolations(await simulate({ seed: result.firstBadSeed, ...nodes }));
  return false;
}

const isGood =
  values.replay === undefined
    ? await campaign(wholeNumber("schedules"), wholeNumber("seed"))
    : await replay(wholeNumber("replay"));
// Not exit(): what is still on its way into a pipe would be lost.
process.exitCode = isGood ? 0 : 1;
