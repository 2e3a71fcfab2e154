import { ImError } from "../../core/errors.js";
import type { UserId } from "../../core/model.js";
import type { ExpectedUser, NewUser, User, UserChanges, UserStore } from "../contracts/index.js";
import { freeDecimal } from "./free-decimal.js";
import type { Gate } from "./gate.js";
import type { Tables } from "./tables.js";

/** Users in memory. Each call is one synchronous stretch, so no two creations take the same id or phone number. */
export class MemoryUsers implements UserStore {
  readonly #tables: Tables;
  readonly #gate: Gate;

  constructor(tables: Tables, gate: Gate) {
    this.#tables = tables;
    this.#gate = gate;
  }

  async create({ id = this.#freeId(), phoneNumber, nickname, passwordHash }: NewUser): Promise<User> {
    this.#gate.assertOpen();
    const { users, phoneNumbers } = this.#tables;
    if (users.has(id) || phoneNumbers.has(phoneNumber)) {
      throw new ImError("add_failed", { message: "a user with this id or this phone number exists already" });
    }
    const user: User = { id, phoneNumber, nickname, passwordHash, revokedBefore: 0 };
    users.set(id, user);
    phoneNumbers.set(phoneNumber, id);
    return user;
  }

  async find(userId: UserId): Promise<User | null> {
    this.#gate.assertOpen();
    return this.#tables.users.get(userId) ?? null;
  }

  async findByPhoneNumber(phoneNumber: string): Promise<User | null> {
    this.#gate.assertOpen();
    const userId = this.#tables.phoneNumbers.get(phoneNumber);
    return userId === undefined ? null : this.find(userId);
  }

  async findMany(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, User>> {
    this.#gate.assertOpen();
    const found = new Map<UserId, User>();
    for (const userId of userIds) {
      const user = this.#tables.users.get(userId);
      if (user !== undefined) found.set(userId, user);
    }
    return found;
  }

  async update(userId: UserId, changes: UserChanges, expected?: ExpectedUser): Promise<boolean> {
    this.#gate.assertOpen();
    const user = this.#tables.users.get(userId);
    if (user === undefined) return false;
    if (expected !== undefined && expected.passwordHash !== user.passwordHash) return false;
    this.#tables.users.set(userId, changed(user, changes));
    return true;
  }

  #freeId(): UserId {
    this.#tables.nextUserId = freeDecimal(this.#tables.users, this.#tables.nextUserId);
    return String(this.#tables.nextUserId);
  }
}

function changed(user: User, { nickname, passwordHash, revokedBefore = 0 }: UserChanges): User {
  return {
    ...user,
    nickname: nickname ?? user.nickname,
    passwordHash: passwordHash ?? user.passwordHash,
    revokedBefore: Math.max(user.revokedBefore, revokedBefore),
  };
}
