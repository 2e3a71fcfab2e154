import { ImError } from "../../core/errors.js";
import type { UserId } from "../../core/model.js";
import type { FriendStore } from "../contracts/index.js";
import type { Gate } from "./gate.js";
import { setOf, type Tables } from "./tables.js";

/** Friendships in memory. Both directions of a pair are written in one synchronous stretch: nobody sees one alone. */
export class MemoryFriends implements FriendStore {
  readonly #tables: Tables;
  readonly #gate: Gate;

  constructor(tables: Tables, gate: Gate) {
    this.#tables = tables;
    this.#gate = gate;
  }

  async add(userId: UserId, friendId: UserId, maxFriends = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.#gate.assertOpen();
    const { friends } = this.#tables;
    if (setOf(friends, userId).has(friendId)) return false;
    if ([userId, friendId].some((id) => (friends.get(id)?.size ?? 0) >= maxFriends)) {
      throw new ImError("too_large", { message: `nobody may have more than ${maxFriends} friends` });
    }
    setOf(friends, userId).add(friendId);
    setOf(friends, friendId).add(userId);
    return true;
  }

  async remove(userId: UserId, friendId: UserId): Promise<boolean> {
    this.#gate.assertOpen();
    const { friends } = this.#tables;
    const wereFriends = friends.get(userId)?.delete(friendId) ?? false;
    friends.get(friendId)?.delete(userId);
    return wereFriends;
  }

  async list(userId: UserId): Promise<readonly UserId[]> {
    this.#gate.assertOpen();
    return [...(this.#tables.friends.get(userId) ?? [])].sort();
  }
}
