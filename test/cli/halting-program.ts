/**
 * The program with every line of progress told, which stands still one line after the one that `argv[2]` describes: whoever
 * kills it then meets it in the middle of its work, however fast the machine is. An empty pattern lets it run to its end.
 */

import { writeSync } from "node:fs";
import { runCli } from "../../src/cli/run-cli.js";

const [pattern = "", ...words] = process.argv.slice(2);
const isStage = pattern === "" ? () => false : (line: string) => new RegExp(pattern).test(line);
let isReached = false;

function out(line: string): void {
  if (isReached) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  isReached = isStage(line);
  writeSync(1, `${line}\n`);
}

const terminal = { out, err: (line: string) => void writeSync(2, `${line}\n`), progressMs: 0 };
process.removeAllListeners("warning");
process.exitCode = await runCli(words, terminal, { version: "0.0.0", peerDependencies: { knex: "" } });
