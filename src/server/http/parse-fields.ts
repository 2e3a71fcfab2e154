import type { z } from "zod";
import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";

/** Fields as they came, by name. A map, since a stranger chooses the names. */
export type RawFields = ReadonlyMap<string, unknown>;

/** So many problems are named at once. */
const MAX_PROBLEMS = 3;

/**
 * The fields a route takes, checked. Nothing else is let through: a field that is not in the schema is refused by name.
 * Errors: `invalid_argument`, or `invalid_user_id` when all that is wrong is an id. No value is repeated; it could be a password.
 */
export function parseFields<Schema extends z.ZodObject>(schema: Schema, raw: RawFields): z.output<Schema> {
  const unknown = [...raw.keys()].find((name) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) {
    throw new ImError("invalid_argument", { message: `there is no field ${describe(unknown)} here` });
  }
  const result = schema.safeParse(Object.fromEntries(raw));
  if (result.success) return result.data;
  throw problemsWith(result.error.issues, raw);
}

function problemsWith(issues: readonly z.core.$ZodIssue[], raw: RawFields): ImError {
  const isAboutIds = issues.every((issue) => issue.code === "custom" && issue.params?.code === "invalid_user_id");
  const message = issues
    .slice(0, MAX_PROBLEMS)
    .map((issue) => problemText(issue, raw))
    .join("; ");
  return new ImError(isAboutIds ? "invalid_user_id" : "invalid_argument", { message });
}

function problemText({ path, message }: z.core.$ZodIssue, raw: RawFields): string {
  const [name, place] = path;
  if (name === undefined) return message;
  if (!raw.has(String(name))) return `${String(name)} is missing`;
  return `${String(name)}${place === undefined ? "" : `[${String(place)}]`} ${message}`;
}
