import { ImError } from "../../core/errors.js";
import type { UserId } from "../../core/model.js";
import type { BlockStore } from "../contracts/index.js";
import type { Gate } from "./gate.js";
import { setOf, type Tables } from "./tables.js";

/** Blocks in memory. Each call is one synchronous stretch, so it stands wholly before or wholly after any commit. */
export class MemoryBlocks implements BlockStore {
  readonly #tables: Tables;
  readonly #gate: Gate;

  constructor(tables: Tables, gate: Gate) {
    this.#tables = tables;
    this.#gate = gate;
  }

  async add(userId: UserId, blockedId: UserId, maxBlocked = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.#gate.assertOpen();
    const blocked = setOf(this.#tables.blocks, userId);
    if (blocked.has(blockedId)) return false;
    if (blocked.size >= maxBlocked) {
      throw new ImError("too_large", { message: `nobody may block more than ${maxBlocked} users` });
    }
    blocked.add(blockedId);
    return true;
  }

  async remove(userId: UserId, blockedId: UserId): Promise<boolean> {
    this.#gate.assertOpen();
    return this.#tables.blocks.get(userId)?.delete(blockedId) ?? false;
  }

  async list(userId: UserId): Promise<readonly UserId[]> {
    this.#gate.assertOpen();
    return [...(this.#tables.blocks.get(userId) ?? [])].sort();
  }

  async whoHasBlocked(blockedId: UserId, userIds: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    this.#gate.assertOpen();
    return new Set(userIds.filter((userId) => this.#tables.blocks.get(userId)?.has(blockedId)));
  }
}
