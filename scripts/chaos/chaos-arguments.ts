import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

/** What was said on the command line. */
export type ChaosArguments =
  | { readonly kind: "help" }
  | {
      readonly kind: "storm";
      readonly minutes: number;
      readonly seed: number;
      readonly clients: number;
      readonly json: string | null;
    }
  | {
      readonly kind: "ordeal";
      /** All of them for `all`. */
      readonly names: readonly string[];
      readonly seed: number;
      readonly clients: number | null;
      readonly json: string | null;
    };

const OPTIONS = {
  minutes: { type: "string" },
  seed: { type: "string" },
  clients: { type: "string" },
  ordeal: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean" },
} as const;

const DEFAULTS = { minutes: 3, seed: 1, clients: 100 };
const MOST = { minutes: 600, clients: 1_000 };
/** With fewer there would be no pair, or nobody of the original protocol. */
const LEAST_CLIENTS = 10;

/** The ports begin at one of these, so that the last is below those that systems give out. */
const LEAST_PORT = 1_024;
const LAST_BASE = 32_000;

/** Throws when `SHYIM_CHAOS_PORTS` is no number that 500 ports can begin at. Empty or absent is the default. */
export function assertPorts(text: string | undefined): void {
  if (text === undefined || text === "") return;
  if (/^\d{4,5}$/.test(text) && Number(text) >= LEAST_PORT && Number(text) <= LAST_BASE) return;
  throw new Error(`SHYIM_CHAOS_PORTS takes the first of 500 free ports, ${LEAST_PORT} to ${LAST_BASE}, not "${text}"`);
}

/** @param ordeals the names there are. Throws one error that says what was not understood. */
export function parseChaosArguments(words: readonly string[], ordeals: readonly string[]): ChaosArguments {
  const { values } = parseArgs({ args: [...words], options: OPTIONS });
  if (values.help === true) return { kind: "help" };
  const seed = wholeNumber("seed", values.seed, 0, Number.MAX_SAFE_INTEGER) ?? DEFAULTS.seed;
  const clients = wholeNumber("clients", values.clients, LEAST_CLIENTS, MOST.clients);
  const json = jsonFile(values.json);
  if (values.ordeal === undefined) {
    return { kind: "storm", minutes: minutesOf(values.minutes), seed, clients: clients ?? DEFAULTS.clients, json };
  }
  if (values.minutes !== undefined) throw new Error("--minutes is for storms: an ordeal takes as long as it takes");
  return { kind: "ordeal", names: ordealNames(values.ordeal, ordeals), seed, clients: clients ?? null, json };
}

function minutesOf(text: string | undefined): number {
  const minutes = text === undefined ? DEFAULTS.minutes : Number(text);
  if (text?.trim() !== "" && minutes > 0 && minutes <= MOST.minutes) return minutes;
  throw new Error(`--minutes takes a number above 0, at most ${MOST.minutes}, not "${text}"`);
}

function wholeNumber(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  throw new Error(`--${name} takes a whole number ${range}, not "${text}"`);
}

/** It is written in the end: that its folder is missing should be known before. */
function jsonFile(text: string | undefined): string | null {
  if (text === "") throw new Error("--json takes the name of a file to write");
  if (text !== undefined && !existsSync(dirname(text))) {
    throw new Error(`--json takes a file in a folder that is there, not "${text}"`);
  }
  return text ?? null;
}

function ordealNames(text: string, ordeals: readonly string[]): readonly string[] {
  if (text === "all") return ordeals;
  if (ordeals.includes(text)) return [text];
  throw new Error(`--ordeal takes ${["all", ...ordeals].join(", ")}, not "${text}"`);
}
