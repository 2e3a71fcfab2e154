import { ImError } from "../../core/errors.js";
import type { RawFields } from "./parse-fields.js";

/** A field and its value; a form may have several of one name. */
export type FormPair = readonly [name: string, value: unknown];

/**
 * The fields of a form or a query. One that came once is its value, one that came more often all its values, so that it is
 * refused where one is expected.
 * @param lists names of the fields that are lists, however often they came
 */
export function formFields(pairs: readonly FormPair[], lists: ReadonlySet<string>): RawFields {
  const all = new Map<string, unknown[]>();
  for (const [name, value] of pairs) {
    const values = all.get(name);
    if (values === undefined) all.set(name, [value]);
    else values.push(value);
  }
  const isOne = (name: string, values: readonly unknown[]): boolean => values.length === 1 && !lists.has(name);
  return new Map([...all].map(([name, values]) => [name, isOne(name, values) ? values[0] : values]));
}

/** What `a=1&b=2` says. Errors: `invalid_argument` for percent signs that are not UTF-8. */
export function parseUrlEncoded(text: string): FormPair[] {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map(parsePair);
}

function parsePair(part: string): FormPair {
  const at = part.indexOf("=");
  return at < 0 ? [decode(part), ""] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ImError("invalid_argument", {
      message: "the form has a percent sign that does not begin a character of UTF-8",
    });
  }
}
