/**
 * `npm run bench -- storage`, or `first-message`: measures it on this machine and prints the figures. `--seconds N` is how
 * long each line is measured (default 3), `--folder PATH` where data files are made (default: the system's temporary folder).
 */

import { cpus, tmpdir } from "node:os";
import { parseArgs } from "node:util";
import type { BenchSettings } from "./bench/bench-settings.js";
import { benchFirstMessage } from "./bench/first-message.js";
import { benchStorage } from "./bench/storage.js";

const BENCHES: Readonly<Record<string, (settings: BenchSettings) => Promise<void>>> = {
  storage: benchStorage,
  "first-message": benchFirstMessage,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "3" }, folder: { type: "string", default: tmpdir() } },
});

const say = (line = ""): void => void process.stdout.write(`${line}\n`);
const [name = ""] = positionals;
const bench = BENCHES[name];
const seconds = Number(values.seconds);

if (bench === undefined || !(seconds > 0)) {
  say(`usage: npm run bench -- <${Object.keys(BENCHES).join(" | ")}> [--seconds N] [--folder PATH]`);
  process.exitCode = 2;
} else {
  say(`${name}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}`);
  await bench({ say, folder: values.folder, durationMs: seconds * 1_000 });
}
