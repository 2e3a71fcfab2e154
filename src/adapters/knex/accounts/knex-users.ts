import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import type { UserId } from "../../../core/model.js";
import type { ExpectedUser, NewUser, User, UserChanges, UserStore } from "../../contracts/index.js";
import { isStorable } from "../bindings.js";
import type { Database } from "../database.js";
import { freeId } from "../free-id.js";
import { slicesOf } from "../slices.js";

const COLUMNS = {
  id: "id",
  phoneNumber: "phone_number",
  nickname: "nickname",
  passwordHash: "password_hash",
  revokedBefore: "revoked_before",
} as const;

/** Users of the built-in accounts. */
export class KnexUsers implements UserStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(newUser: NewUser): Promise<User> {
    return this.#database.transaction(async (trx) => {
      const id = newUser.id ?? (await freeId(trx, "shyim_user"));
      const { phoneNumber, nickname, passwordHash } = newUser;
      // An id that was looked for here and is taken meanwhile makes the insert fail, and then another one is looked for.
      const sameId = newUser.id === undefined ? [] : [newUser.id];
      const taken = await trx("shyim_user")
        .select("id")
        .where({ phone_number: phoneNumber })
        .orWhereIn("id", sameId)
        .first();
      if (taken !== undefined) throw new ImError("add_failed", { message: "this account cannot be created" });
      await trx("shyim_user").insert(rowOf({ id, phoneNumber, nickname, passwordHash, revokedBefore: 0 }));
      return { id, phoneNumber, nickname, passwordHash, revokedBefore: 0 };
    });
  }

  find(userId: UserId): Promise<User | null> {
    return this.#findBy({ id: userId });
  }

  findByPhoneNumber(phoneNumber: string): Promise<User | null> {
    // What no row can hold, no row holds.
    return isStorable(phoneNumber) ? this.#findBy({ phone_number: phoneNumber }) : Promise.resolve(null);
  }

  findMany(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, User>> {
    return this.#database.read(async (db) => {
      const users = new Map<UserId, User>();
      for (const some of slicesOf(userIds)) {
        const rows: User[] = await db("shyim_user").select(COLUMNS).whereIn("id", some);
        for (const row of rows) users.set(row.id, row);
      }
      return users;
    });
  }

  update(userId: UserId, changes: UserChanges, expected?: ExpectedUser): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      const query = trx("shyim_user").select(COLUMNS).where({ id: userId }).first().forUpdate();
      const before: User | undefined = await query;
      if (before === undefined) return false;
      if (expected !== undefined && expected.passwordHash !== before.passwordHash) return false;
      await trx("shyim_user")
        .where({ id: userId })
        .update(rowOf(changed(before, changes)));
      return true;
    });
  }

  #findBy(key: { readonly id: string } | { readonly phone_number: string }): Promise<User | null> {
    return this.#database.read(async (db: Knex) => {
      const row: User | undefined = await db("shyim_user").select(COLUMNS).where(key).first();
      return row ?? null;
    });
  }
}

/** What is not named stays; a revocation is never taken back. */
function changed(before: User, { nickname, passwordHash, revokedBefore }: UserChanges): User {
  return {
    ...before,
    nickname: nickname ?? before.nickname,
    passwordHash: passwordHash ?? before.passwordHash,
    revokedBefore: Math.max(before.revokedBefore, revokedBefore ?? 0),
  };
}

function rowOf({ id, phoneNumber, nickname, passwordHash, revokedBefore }: User) {
  return {
    id,
    phone_number: phoneNumber,
    nickname,
    password_hash: passwordHash,
    revoked_before: revokedBefore,
  };
}
