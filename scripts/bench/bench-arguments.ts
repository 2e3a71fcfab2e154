import { tmpdir } from "node:os";
import { parseArgs } from "node:util";

/** What was said on the command line. */
export interface BenchArguments {
  readonly name: string;
  readonly durationMs: number;
  readonly folder: string;
  readonly json: boolean;
  readonly only: readonly string[];
}

/** What a bench understands besides its name. */
export interface BenchInterface {
  readonly options: readonly ("seconds" | "folder" | "json" | "only")[];
  /** What `--only` chooses among. */
  readonly parts: readonly string[];
}

const OPTIONS = {
  seconds: { type: "string" },
  folder: { type: "string" },
  json: { type: "boolean" },
  only: { type: "string", multiple: true },
} as const;

const DEFAULT_SECONDS = 3;

/** Errors: one that says what was not understood. */
export function parseBenchArguments(
  words: readonly string[],
  benches: Readonly<Record<string, BenchInterface>>,
): BenchArguments {
  const { values, positionals } = parseArgs({ args: [...words], allowPositionals: true, options: OPTIONS });
  const [name = "", ...more] = positionals;
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench === undefined) throw new Error(name === "" ? "which bench?" : `there is no bench "${name}"`);
  if (more.length > 0) throw new Error(`"${more.join(" ")}" is one word too many`);
  for (const option of Object.keys(values)) {
    if (!bench.options.some((each) => each === option)) throw new Error(`${name} has no --${option}`);
  }
  const { seconds, folder = tmpdir(), json = false, only = [] } = values;
  return { name, durationMs: parseSeconds(seconds) * 1_000, folder, json, only: parseOnly(only, bench.parts) };
}

function parseSeconds(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_SECONDS : Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new Error(`--seconds takes a number above 0, not "${text}"`);
}

function parseOnly(only: readonly string[], parts: readonly string[]): string[] {
  const names = only.flatMap((text) => text.split(",")).map((each) => each.trim());
  const unknown = names.filter((each) => !parts.includes(each));
  if (unknown.length === 0) return names;
  throw new Error(`--only takes ${parts.join(", ")}, not "${unknown.join('", "')}"`);
}
