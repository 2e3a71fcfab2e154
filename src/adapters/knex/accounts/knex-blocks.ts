import type { UserId } from "../../../core/model.js";
import type { BlockStore } from "../../contracts/index.js";
import type { Database } from "../database.js";

/** Blocks: one row for each user and whom they have blocked. */
export class KnexBlocks implements BlockStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(userId: UserId, blockedId: UserId): Promise<boolean> {
    const block = { user_id: userId, blocked_id: blockedId };
    return this.#database.transaction(async (trx) => {
      if ((await trx("shyim_block").select("user_id").where(block).first()) !== undefined) return false;
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
}
