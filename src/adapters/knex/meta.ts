import { randomBytes } from "node:crypto";
import type { Knex } from "knex";
import { ImError } from "../../core/errors.js";
import type { SyncEpoch } from "../../core/model.js";

const EPOCH_BYTES = 16;

/** What the database knows about itself, a row each. */
export type MetaName =
  | "schema_version"
  | "sync_epoch"
  | "was_restored"
  | "refusal_age"
  | "last_refusal_time"
  | "next_group_id"
  | "next_user_id";

/** A value, or `undefined` where the row is missing. With "lock" nobody else changes it before the transaction has ended. */
export async function readMeta(db: Knex, name: MetaName, lock: "lock" | "look" = "look"): Promise<string | undefined> {
  const query = db("shyim_meta").select("value").where({ name }).first();
  const row: { value: string } | undefined = await (lock === "lock" ? query.forUpdate() : query);
  return row?.value;
}

/** Writes a value, whether there was one or not. */
export async function writeMeta(db: Knex, name: MetaName, value: string): Promise<void> {
  await db("shyim_meta").insert({ name, value }).onConflict("name").merge();
}

/** The name of this history. Errors: `unavailable` where the database was never migrated. */
export async function readEpoch(db: Knex): Promise<SyncEpoch> {
  return (await readMeta(db, "sync_epoch")) ?? missingEpoch();
}

/** For a database that has no epoch row. */
export function missingEpoch(): never {
  throw new ImError("unavailable", { message: "the database names no sync_epoch: run `npx shyim migrate`" });
}

/** A name no history ever had. */
export function newEpoch(): SyncEpoch {
  return randomBytes(EPOCH_BYTES).toString("hex");
}
