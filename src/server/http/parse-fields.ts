import type { z } from "zod";
import { describe } from "../../core/model.js";
import { refusal } from "./envelope.js";

/** Fields as they came, by name. A map, since a stranger chooses the names. */
export type RawFields = ReadonlyMap<string, unknown>;

/** The longest list of a field: as many as the largest group has members. */
export const MAX_LIST_LENGTH = 2_000;
/** So many problems are named at once. */
const MAX_PROBLEMS = 3;

/**
 * The fields a route takes, checked. Nothing else is let through: a field that is not in the schema is refused by name.
 * Errors: 400 with `invalid_argument`, or with `invalid_user_id` when all that is wrong is an id; 413 for a list that is too long.
 * No value is repeated; it could be a password.
 */
export function parseFields<Schema extends z.ZodObject>(schema: Schema, raw: RawFields): z.output<Schema> {
  const unknown = [...raw.keys()].find((name) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) {
    throw refusal(400, "invalid_argument", `there is no field ${describe(unknown)} here`);
  }
  const long = [...raw].find(([, value]) => Array.isArray(value) && value.length > MAX_LIST_LENGTH);
  if (long !== undefined) throw refusal(413, "too_large", `${long[0]} has more than ${MAX_LIST_LENGTH} entries`);
  const result = schema.safeParse(Object.fromEntries(raw));
  if (result.success) return result.data;
  throw problemsWith(result.error.issues, raw);
}

function problemsWith(issues: readonly z.core.$ZodIssue[], raw: RawFields): Error {
  const isAboutIds = issues.every((issue) => issue.code === "custom" && issue.params?.code === "invalid_user_id");
  const message = issues
    .slice(0, MAX_PROBLEMS)
    .map((issue) => problemText(issue, raw))
    .join("; ");
  return refusal(400, isAboutIds ? "invalid_user_id" : "invalid_argument", message);
}

function problemText({ path, message }: z.core.$ZodIssue, raw: RawFields): string {
  const [name, place] = path;
  if (name === undefined) return message;
  if (!raw.has(String(name))) return `${String(name)} is missing`;
  return `${String(name)}${place === undefined ? "" : `[${String(place)}]`} ${message}`;
}
