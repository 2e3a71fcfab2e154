import { ImError } from "../../core/errors.js";
import { conversationKey, describe, type GroupId, type UserId } from "../../core/model.js";
import type {
  CommitResult,
  DecideGroupChange,
  Group,
  GroupCommit,
  GroupStore,
  Membership,
  NewGroup,
  Notice,
  OwnGroup,
} from "../contracts/index.js";
import { assertGroupsLeft, decideNotice, type GroupPlan, planGroupChange } from "../contracts/plan-group-change.js";
import { commitFacts } from "./commit-facts.js";
import { freeDecimal } from "./free-decimal.js";
import type { Gate } from "./gate.js";
import { GroupRow } from "./group-row.js";
import type { MemoryMessages } from "./memory-messages.js";
import { setOf, type Tables } from "./tables.js";

/** Groups in memory. Each call is one synchronous stretch, so it stands wholly before or wholly after any commit. */
export class MemoryGroups implements GroupStore {
  readonly #tables: Tables;
  readonly #gate: Gate;
  readonly #messages: MemoryMessages;

  /** @param messages where notices are written */
  constructor(tables: Tables, gate: Gate, messages: MemoryMessages) {
    this.#tables = tables;
    this.#gate = gate;
    this.#messages = messages;
  }

  async create(newGroup: NewGroup): Promise<GroupCommit> {
    this.#gate.assertOpen();
    const { id = this.#freeId(), name, ownerId, memberIds, notice = null } = newGroup;
    if (this.#tables.groups.has(id)) {
      throw new ImError("add_failed", { message: `a group with the id ${describe(id)} exists already` });
    }
    const members = new Set([ownerId, ...memberIds]);
    assertGroupsLeft(this.#countGroups([...members]), newGroup.maxGroupsPerUser ?? Number.POSITIVE_INFINITY);
    const row = new GroupRow({ id, name, ownerId });
    this.#tables.groups.set(id, row);
    for (const userId of members) this.#enter(row, userId, userId === ownerId ? "owner" : "member", 0);
    return { group: row.group, committed: this.#tell(row.group, notice, [...members]) };
  }

  async find(groupId: GroupId): Promise<Group | null> {
    this.#gate.assertOpen();
    return this.#tables.groups.get(groupId)?.group ?? null;
  }

  async change(groupId: GroupId, newcomers: readonly UserId[], decide: DecideGroupChange): Promise<GroupCommit | null> {
    const row = this.#row(groupId);
    const state = { group: row.group, members: row.roles(), groupCounts: this.#countGroups(newcomers) };
    const change = decide(state);
    if (change === null) return null;
    const plan = planGroupChange(state, change);
    const position = this.#position(groupId);
    const committed = this.#tell(plan.group, change.notice, plan.audience);
    this.#apply(row, plan, position);
    return { group: plan.group, committed };
  }

  async memberships(groupId: GroupId): Promise<readonly Membership[]> {
    return this.#row(groupId).stays();
  }

  async groupsOf(userId: UserId): Promise<readonly OwnGroup[]> {
    this.#gate.assertOpen();
    const groupIds = [...(this.#tables.groupsOf.get(userId) ?? [])].sort();
    return groupIds.flatMap((groupId) => {
      const row = this.#row(groupId);
      return row.staysOf(userId).flatMap(({ role, leftSeq }) => (leftSeq === null ? [{ ...row.group, role }] : []));
    });
  }

  /** @param position where the conversation stood before the notice, if there was one */
  #apply(row: GroupRow, { group, coming, leaving, promoted }: GroupPlan, position: number): void {
    const last = this.#position(group.id);
    row.become(group);
    for (const userId of leaving) {
      row.leave(userId, last);
      this.#tables.groupsOf.get(userId)?.delete(group.id);
    }
    for (const [userId, role] of promoted) row.promote(userId, role);
    for (const [userId, role] of coming) this.#enter(row, userId, role, position);
  }

  #enter(row: GroupRow, userId: UserId, role: Membership["role"], joinedSeq: number): void {
    row.enter(userId, role, joinedSeq);
    setOf(this.#tables.groupsOf, userId).add(row.group.id);
  }

  #tell(group: Group, notice: Notice | null, audience: readonly UserId[]): CommitResult | null {
    if (notice === null) return null;
    const decisions = decideNotice(commitFacts(this.#tables), group, notice, audience);
    return decisions[0]?.kind === "accept" ? this.#messages.applyNow(decisions) : null;
  }

  #countGroups(userIds: readonly UserId[]): Map<UserId, number> {
    const sizes = userIds.map((userId) => [userId, this.#tables.groupsOf.get(userId)?.size ?? 0] as const);
    return new Map(sizes.filter(([, size]) => size > 0));
  }

  #row(groupId: GroupId): GroupRow {
    this.#gate.assertOpen();
    const row = this.#tables.groups.get(groupId);
    if (row === undefined) throw new ImError("not_found", { message: `there is no group ${describe(groupId)}` });
    return row;
  }

  #position(groupId: GroupId): number {
    return this.#tables.conversations.get(conversationKey(null, { kind: "group", id: groupId }))?.length ?? 0;
  }

  #freeId(): GroupId {
    this.#tables.nextGroupId = freeDecimal(this.#tables.groups, this.#tables.nextGroupId);
    return String(this.#tables.nextGroupId);
  }
}
