import { z } from "zod";

/** What the words of a problem need besides the rule. */
interface Words {
  /** A value that would do, as it is written in the environment. */
  readonly example: string;
  /** It may hold a password: what was received is not repeated. */
  readonly isSecret?: boolean;
}

/**
 * A setting: from what the environment (texts) or the file (texts, numbers, lists …) says to what the node takes.
 * @param rule what is expected, in words
 * @param read `undefined` for what is not that
 */
function kind<T>(rule: string, words: Words, read: (value: unknown) => T | undefined) {
  return z.unknown().transform((value, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    context.addIssue({ code: "custom", message: `expected ${rule}`, params: { ...words }, input: value });
    return z.NEVER;
  });
}

/** A text that fits a pattern. */
export function text(rule: string, example: string, pattern: RegExp) {
  return kind(rule, { example }, (value) => matching(value, pattern));
}

/** A text that fits a pattern and is never shown. */
export function secret(rule: string, example: string, pattern: RegExp) {
  return kind(rule, { example, isSecret: true }, (value) => matching(value, pattern));
}

/** An integer in a range. */
export function integer(min: number, max: number, example: number) {
  return kind(`an integer from ${min} to ${max}`, { example: String(example) }, (value) => {
    const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) && (number as number) >= min && (number as number) <= max
      ? (number as number)
      : undefined;
  });
}

/** A number above 0. */
export function rate(example: number) {
  return kind("a number above 0", { example: String(example) }, (value) => {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) && number > 0 ? number : undefined;
  });
}

/** Yes or no. */
export function flag() {
  return kind("1 or 0, true or false", { example: "1" }, (value) => FLAGS.get(value));
}

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...([true, "true", "1", 1] as const).map((word) => [word, true] as const),
  ...([false, "false", "0", 0] as const).map((word) => [word, false] as const),
]);

/** One of several words. */
export function oneOf<Word extends string>(words: readonly [Word, ...Word[]]) {
  return kind(`one of ${words.join(", ")}`, { example: words[0] }, (value) => words.find((word) => word === value));
}

/** A list, in the environment with commas between. */
export function list(rule: string, example: string, pattern: RegExp) {
  return kind(`a list of ${rule}, at least one`, { example }, (value) => {
    const parts = typeof value === "string" ? value.split(",").map((part) => part.trim()) : value;
    if (!Array.isArray(parts) || parts.length === 0) return undefined;
    return parts.every((part) => matching(part, pattern) !== undefined) ? (parts as string[]) : undefined;
  });
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}
