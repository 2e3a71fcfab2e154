/**
 * One rule for ids: a canonical decimal from 1 to 2^53 − 1 travels as a number, any other id as a string.
 * So every id has exactly one encoding, and original clients, which know only numbers, can take part.
 */

import { ImError } from "../errors.js";

/** Digits of 2^53 − 1. */
const MAX_DIGITS = 16;

/** The number an id travels as; 0 when it travels as a string. */
export function wireNumberOf(id: string): number {
  if (id.length === 0 || id.length > MAX_DIGITS || id.startsWith("0")) return 0;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return 0;
  }
  const value = Number(id);
  return value <= Number.MAX_SAFE_INTEGER ? value : 0;
}

/** The id in a pair of fields; `""` when both are empty. Throws `invalid_argument` when both are filled. */
export function idOf(number: number, text: string): string {
  if (number === 0) return text;
  if (text === "") return String(number);
  throw new ImError("invalid_argument", { message: "Message has an id as number and as string: use one of the two" });
}

/** The string an id travels as; `""` when it travels as a number. */
export function wireTextOf(id: string): string {
  return wireNumberOf(id) === 0 ? id : "";
}
