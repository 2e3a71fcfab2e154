/**
 * `npm run bench -- storage`, or `first-message`: measures it on this machine and prints the figures. `--seconds N` is how
 * long each line is measured (default 3), `--folder PATH` where data files are made (default: the system's temporary folder).
 * `storage` also takes `--only NAME` (several times, or NAME,NAME) and `--json`: one document on stdout and nothing else there.
 */

import { cpus } from "node:os";
import { type BenchArguments, type BenchInterface, parseBenchArguments } from "./bench/bench-arguments.js";
import type { BenchSettings } from "./bench/bench-settings.js";
import { benchFirstMessage } from "./bench/first-message.js";
import { benchStorage, STORAGE_NAMES } from "./bench/storage.js";
import { watchInterruption } from "./services/interruption.js";

interface Bench extends BenchInterface {
  readonly run: (settings: BenchSettings) => Promise<void>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  storage: { run: benchStorage, options: ["seconds", "folder", "json", "only"], parts: STORAGE_NAMES },
  "first-message": { run: benchFirstMessage, options: ["folder"], parts: [] },
};

const USAGE = `usage: npm run bench -- storage [--only ${STORAGE_NAMES.join(",")}] [--seconds N] [--folder PATH] [--json]
       npm run bench -- first-message [--folder PATH]`;

function read(words: readonly string[]): BenchArguments | null {
  try {
    return parseBenchArguments(words, BENCHES);
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exitCode = 2;
    return null;
  }
}

async function run({ name, json, ...given }: BenchArguments): Promise<void> {
  const stream = json ? process.stderr : process.stdout;
  const say = (line = ""): void => void stream.write(`${line}\n`);
  const answer = json ? (document: object) => console.log(JSON.stringify(document, null, 2)) : null;
  const signal = watchInterruption(say);
  say(`${name}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}`);
  try {
    await BENCHES[name]?.run({ ...given, say, answer, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const given = read(process.argv.slice(2));
if (given !== null) await run(given);
