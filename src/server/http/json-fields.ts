import { ImError } from "../../core/errors.js";
import type { RawFields } from "./parse-fields.js";

/** The fields of a JSON object. Errors: `invalid_argument` for what is no object, and for one that names a field twice. */
export function jsonFields(text: string): RawFields {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("the body must be a JSON object");
  const fields = Object.entries(value);
  // The parser takes the last of two; another reader on the way may have looked at the first.
  if (countFields(text) !== fields.length) throw invalid("the body names a field twice");
  return new Map(fields);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("the body is not valid JSON");
  }
}

/** How many fields valid JSON writes down at its outermost object: one colon for each, outside of texts. */
function countFields(json: string): number {
  let depth = 0;
  let count = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') at = endOfText(json, at);
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    else if (character === ":" && depth === 1) count++;
  }
  return count;
}

/** Where the text that begins at `start` has its closing quote. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at;
}

function invalid(message: string): ImError {
  return new ImError("invalid_argument", { message });
}
