import { invalidArgument } from "../../../core/model.js";

/**
 * The name of a store's database, which is also that of its lock. It has a beginning of its own, because an origin's
 * databases and locks share one list with those of the application.
 * Throws `invalid_argument` unless `name` is a string that is not empty.
 */
export function databaseNameOf(name: unknown): string {
  if (typeof name === "string" && name !== "") return `shyim:${name}`;
  throw invalidArgument("the name of a store must be a string that is not empty, for example the user's id", name);
}
