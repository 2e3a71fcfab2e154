import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import type { UserId } from "../../../core/model.js";
import type { FriendStore } from "../../contracts/index.js";
import type { Database } from "../database.js";
import { lockUsers } from "../lock-users.js";

/** Friendships: one row a pair, the lower id first, so that no pair is there twice. */
export class KnexFriends implements FriendStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(userId: UserId, friendId: UserId, maxFriends = Number.POSITIVE_INFINITY): Promise<boolean> {
    const pair = pairOf(userId, friendId);
    return this.#database.transaction(async (trx) => {
      if ((await trx("shyim_friend").select("a").where(pair).first()) !== undefined) return false;
      await lockUsers(trx, this.#database.dialect, [userId, friendId]);
      for (const id of [userId, friendId]) await assertRoom(trx, id, maxFriends);
      await trx("shyim_friend").insert(pair);
      return true;
    });
  }

  remove(userId: UserId, friendId: UserId): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      return (await trx("shyim_friend").where(pairOf(userId, friendId)).delete()) > 0;
    });
  }

  list(userId: UserId): Promise<readonly UserId[]> {
    return this.#database.read(async (db) => {
      const others = db("shyim_friend").select("a as friend").where({ b: userId });
      const rows: { friend: UserId }[] = await db("shyim_friend")
        .select("b as friend")
        .where({ a: userId })
        .union(others)
        .orderBy("friend");
      return rows.map(({ friend }) => friend);
    });
  }
}

/** Errors: `too_large` when the user has so many friends already. */
async function assertRoom(trx: Knex.Transaction, userId: UserId, maxFriends: number): Promise<void> {
  let friends = 0;
  for (const side of [{ a: userId }, { b: userId }]) {
    const row = await trx("shyim_friend").where(side).count({ friends: "*" }).first();
    friends += Number(row?.friends ?? 0);
  }
  if (friends < maxFriends) return;
  throw new ImError("too_large", { message: `nobody may have more than ${maxFriends} friends` });
}

function pairOf(one: UserId, other: UserId): { readonly a: UserId; readonly b: UserId } {
  return one < other ? { a: one, b: other } : { a: other, b: one };
}
