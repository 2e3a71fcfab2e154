import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import { describe } from "../../../core/model.js";

/** Errors: `invalid_argument` unless `value` is an open transaction of knex. */
export function assertTransaction(value: unknown): asserts value is Knex.Transaction {
  const candidate = Object(value) as Partial<Knex.Transaction>;
  if (typeof value === "function" && candidate.isTransaction === true && candidate.isCompleted?.() === false) return;
  const what = typeof value === "function" && candidate.isTransaction === true ? "one that has ended" : describe(value);
  const message = `transaction must be an open transaction of knex (what knex.transaction() hands over), got ${what}`;
  throw new ImError("invalid_argument", { message });
}
