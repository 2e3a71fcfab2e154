/**
 * `npm run mutants`: puts one fault after the other into the real sources and runs the simulation until it notices. Prints
 * a table; exits 1 if a mutant lived. `--schedules 500` schedules at most for each, `--only TEXT` those whose name or row
 * contains it.
 */

import { parseArgs } from "node:util";
import { MUTANTS } from "./mutants/index.js";
import { runMutant } from "./mutants/run-mutant.js";

const { values } = parseArgs({
  options: { schedules: { type: "string", default: "500" }, only: { type: "string", default: "" } },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const chosen = MUTANTS.filter(({ name, row }) => `${row} ${name}`.includes(values.only));
let lived = 0;

for (const mutant of chosen) {
  const { caughtAfter, how, text } = await runMutant(mutant, Number(values.schedules)).catch((error: Error) => ({
    caughtAfter: null,
    how: "not made",
    text: error.message,
  }));
  if (caughtAfter === null) lived++;
  const after = caughtAfter === null ? "LIVED" : String(caughtAfter);
  say(`${mutant.row.padEnd(4)} ${mutant.name.padEnd(68)} ${after.padStart(5)} ${how.padEnd(12)} ${text.slice(0, 90)}`);
}
say(`${chosen.length} mutants, ${chosen.length - lived} caught`);
process.exit(lived === 0 ? 0 : 1);
