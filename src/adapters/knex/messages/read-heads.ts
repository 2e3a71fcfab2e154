import type { Knex } from "knex";
import type { Seq, SyncEpoch, UserId } from "../../../core/model.js";
import type { Heads } from "../../contracts/index.js";
import { missingEpoch } from "../meta.js";
import { USERS_PER_STATEMENT } from "../slices.js";

interface HeadRow {
  readonly sync_epoch: SyncEpoch;
  readonly user_id: UserId | null;
  readonly seq: number;
}

/** Reads many heads with the epoch they belong to. */
export async function readHeads(db: Knex, userIds: readonly UserId[]): Promise<Heads> {
  const heads = new Map<UserId, Seq>();
  let syncEpoch: SyncEpoch | undefined;
  for (let from = 0; syncEpoch === undefined || from < userIds.length; from += USERS_PER_STATEMENT) {
    const rows = await readSome(db, userIds.slice(from, from + USERS_PER_STATEMENT));
    // An epoch that changes meanwhile is told by the older name: whoever compares it looks again.
    syncEpoch ??= rows[0]?.sync_epoch ?? missingEpoch();
    // A head of 0 belongs to an inbox nothing has come into yet: it was locked, and that is all.
    for (const { user_id, seq } of rows) if (user_id !== null && seq > 0) heads.set(user_id, seq);
  }
  return { syncEpoch, heads };
}

function readSome(db: Knex, userIds: readonly UserId[]): Promise<HeadRow[]> {
  return db("shyim_meta as meta")
    .leftJoin("shyim_inbox_head as head", (join) => join.onIn("head.user_id", [...userIds]))
    .select("meta.value as sync_epoch", "head.user_id", "head.seq")
    .where("meta.name", "sync_epoch");
}
