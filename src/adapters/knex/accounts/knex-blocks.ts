import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import type { UserId } from "../../../core/model.js";
import type { BlockStore } from "../../contracts/index.js";
import type { Database } from "../database.js";
import { lockUsers } from "../lock-users.js";
import { lockingTransaction, lockPair } from "../messages/conversation-rows.js";
import { slicesOf } from "../slices.js";

/** Blocks: one row for each user and whom they have blocked. */
export class KnexBlocks implements BlockStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(userId: UserId, blockedId: UserId, maxBlocked = Number.POSITIVE_INFINITY): Promise<boolean> {
    const block = { user_id: userId, blocked_id: blockedId };
    // The conversation's row, as a commit holds it: a message is either stored before the block, or refused by it.
    return lockingTransaction(this.#database, async (trx) => {
      await lockPair(trx, this.#database.dialect, userId, blockedId);
      if ((await trx("shyim_block").select("user_id").where(block).first()) !== undefined) return false;
      await lockUsers(trx, this.#database.dialect, [userId]);
      await assertRoom(trx, userId, maxBlocked);
      await trx("shyim_block").insert(block);
      return true;
    });
  }

  remove(userId: UserId, blockedId: UserId): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      return (await trx("shyim_block").where({ user_id: userId, blocked_id: blockedId }).delete()) > 0;
    });
  }

  list(userId: UserId): Promise<readonly UserId[]> {
    return this.#database.read((db) => {
      return db("shyim_block").where({ user_id: userId }).orderBy("blocked_id").pluck("blocked_id");
    });
  }

  whoHasBlocked(blockedId: UserId, userIds: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    return this.#database.read(async (db) => {
      const found = new Set<UserId>();
      for (const some of slicesOf(userIds)) {
        const query = db("shyim_block").where({ blocked_id: blockedId }).whereIn("user_id", some);
        const blockers: UserId[] = await query.pluck("user_id");
        for (const userId of blockers) found.add(userId);
      }
      return found;
    });
  }
}

/** Errors: `too_large` when the user has blocked so many already. */
async function assertRoom(trx: Knex.Transaction, userId: UserId, maxBlocked: number): Promise<void> {
  const row = await trx("shyim_block").where({ user_id: userId }).count({ blocked: "*" }).first();
  if (Number(row?.blocked ?? 0) < maxBlocked) return;
  throw new ImError("too_large", { message: `nobody may block more than ${maxBlocked} users` });
}
