import type { Knex } from "knex";
import type { UserId } from "../../core/model.js";
import type { Dialect } from "./dialect.js";
import { insertRows } from "./insert-rows.js";

/**
 * Makes everybody wait who does the same for one of these users, until the transaction ends: whoever counts what a user has
 * may rely on the count. The mutex of a user is the head of the inbox, to which nothing is added here; it is taken ascending, as a
 * commit takes heads. Where a transaction has the whole database nothing has to be done.
 */
export async function lockUsers(trx: Knex, dialect: Dialect, userIds: readonly UserId[]): Promise<void> {
  if (!dialect.isShared) return;
  const rows = [...new Set(userIds)].sort().map((userId) => [userId, 0, 0, 0]);
  const columns = ["user_id", "seq", "floor_seq", "base_seq"];
  await insertRows(trx, dialect, "shyim_inbox_head", columns, rows, dialect.addToHead);
}
