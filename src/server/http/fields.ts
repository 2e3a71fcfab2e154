/** The kinds of fields that bodies and queries are made of. Their texts follow the field's name: "name must be a text". */

import { z } from "zod";
import { isId, MAX_ID_LENGTH } from "../../core/model.js";
import { MAX_LIST_LENGTH } from "./parse-fields.js";

const ID_RULE = `must be an id: 1–${MAX_ID_LENGTH} printable ASCII characters without spaces, or a safe integer`;
/** The rule once more, for the document. */
const ID_SHAPE = { minLength: 1, maxLength: MAX_ID_LENGTH, pattern: "^[!-~]+$" };
const INVALID_ID = { error: ID_RULE, params: { code: "invalid_user_id" } };
/** Digits of 2^53 − 1. */
const MAX_DIGITS = 16;

/** Any text; what is allowed in it is for the called one to say. */
export function textField(description: string) {
  return z.string({ error: "must be a text" }).meta({ description });
}

/** An id. Clients of the original send numbers, too. */
export function idField(description: string) {
  return z
    .union([z.string().meta(ID_SHAPE), z.int({ error: ID_RULE })], { error: ID_RULE })
    .transform(String)
    .refine(isId, INVALID_ID)
    .meta({ description });
}

/** A list of ids: repeated fields in a form, an array in JSON. */
export function idsField(description: string) {
  return z.array(idField("An id"), { error: "must be a list of ids" }).meta({ description, maxItems: MAX_LIST_LENGTH });
}

/** One of a few words. */
export function wordField<const Words extends readonly string[]>(words: Words, description: string) {
  const error = `must be one of ${words.map((word) => `"${word}"`).join(", ")}`;
  return z.enum(words, { error }).meta({ description });
}

/** A whole number in a query, where everything is a text. */
export function queryNumber(minimum: number, maximum: number, description: string) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string({ error })
    .transform((text) => (isDigits(text) ? Number(text) : Number.NaN))
    .refine((value) => value >= minimum && value <= maximum, { error })
    .meta({ description, type: "integer", minimum, maximum });
}

function isDigits(text: string): boolean {
  if (text.length === 0 || text.length > MAX_DIGITS) return false;
  return [...text].every((character) => character >= "0" && character <= "9");
}
