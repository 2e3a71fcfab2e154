import { ImError } from "../../core/errors.js";
import { conversationKey, describe, type GroupId, type UserId } from "../../core/model.js";
import type { Group, GroupStore, Membership, NewGroup } from "../contracts/index.js";
import { freeDecimal } from "./free-decimal.js";
import type { Gate } from "./gate.js";
import { GroupRow } from "./group-row.js";
import type { Tables } from "./tables.js";

/** Groups in memory. Each call is one synchronous stretch, so it stands wholly before or wholly after any commit. */
export class MemoryGroups implements GroupStore {
  readonly #tables: Tables;
  readonly #gate: Gate;

  constructor(tables: Tables, gate: Gate) {
    this.#tables = tables;
    this.#gate = gate;
  }

  async create({ id = this.#freeId(), name, ownerId, memberIds }: NewGroup): Promise<Group> {
    this.#gate.assertOpen();
    if (this.#tables.groups.has(id)) {
      throw new ImError("add_failed", { message: `a group with the id ${describe(id)} exists already` });
    }
    const row = new GroupRow({ id, name, ownerId });
    row.enter(ownerId, "owner", 0);
    for (const userId of memberIds) row.enter(userId, "member", 0);
    this.#tables.groups.set(id, row);
    return row.group;
  }

  async find(groupId: GroupId): Promise<Group | null> {
    this.#gate.assertOpen();
    return this.#tables.groups.get(groupId)?.group ?? null;
  }

  async add(groupId: GroupId, userIds: readonly UserId[], maxMembers: number): Promise<number> {
    const row = this.#row(groupId);
    const newcomers = new Set(userIds.filter((userId) => !row.has(userId)));
    if (newcomers.size > 0 && row.size + newcomers.size > maxMembers) {
      throw new ImError("too_large", {
        message: `group ${describe(groupId)} has ${row.size} members; ${newcomers.size} more would exceed ${maxMembers}`,
      });
    }
    for (const userId of newcomers) row.enter(userId, "member", this.#position(groupId));
    return newcomers.size;
  }

  async remove(groupId: GroupId, userId: UserId): Promise<boolean> {
    return this.#row(groupId).leave(userId, this.#position(groupId));
  }

  async memberships(groupId: GroupId): Promise<readonly Membership[]> {
    return this.#row(groupId).stays();
  }

  #row(groupId: GroupId): GroupRow {
    this.#gate.assertOpen();
    const row = this.#tables.groups.get(groupId);
    if (row === undefined) throw new ImError("not_found", { message: `there is no group ${describe(groupId)}` });
    return row;
  }

  #position(groupId: GroupId): number {
    return this.#tables.conversations.get(conversationKey(null, { kind: "group", id: groupId })) ?? 0;
  }

  #freeId(): GroupId {
    this.#tables.nextGroupId = freeDecimal(this.#tables.groups, this.#tables.nextGroupId);
    return String(this.#tables.nextGroupId);
  }
}
