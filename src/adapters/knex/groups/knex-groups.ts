import type { Knex } from "knex";
import type { GroupId, UserId } from "../../../core/model.js";
import type {
  DecideGroupChange,
  Group,
  GroupChange,
  GroupCommit,
  GroupRole,
  GroupState,
  GroupStore,
  Membership,
  NewGroup,
  OwnGroup,
} from "../../contracts/index.js";
import { assertGroupsLeft, planGroupChange } from "../../contracts/plan-group-change.js";
import type { Database } from "../database.js";
import { freeId } from "../free-id.js";
import { lockUsers } from "../lock-users.js";
import {
  countGroups,
  findGroup,
  lockConversation,
  readGroup,
  readGroupsOf,
  readMembers,
  readStays,
} from "./read-group.js";
import { assertNoGroup, beginStays, insertGroup, writePlan } from "./write-group.js";
import { writeNotice } from "./write-notice.js";

/** What `decide` threw, on its way out of the transaction: it is the caller's and no failure of the database. */
class Thrown {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/**
 * Groups and who is in them. Whoever changes a group holds the row of its conversation, as a commit does: the change stands
 * wholly before or wholly after any message.
 */
export class KnexGroups implements GroupStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(newGroup: NewGroup): Promise<GroupCommit> {
    return this.#database.transaction(async (trx) => {
      // An id that was looked for here and is taken meanwhile makes the insert fail, and then another one is looked for.
      if (newGroup.id !== undefined) await assertNoGroup(trx, newGroup.id);
      const id = newGroup.id ?? (await freeId(trx, "shyim_group"));
      const { name, ownerId, maxGroupsPerUser, notice = null } = newGroup;
      const group: Group = { id, name, ownerId };
      await insertGroup(trx, group);
      const members = [...new Set([ownerId, ...newGroup.memberIds])].sort();
      if (maxGroupsPerUser !== undefined) {
        await lockUsers(trx, this.#database.dialect, members);
        assertGroupsLeft(await countGroups(trx, members), maxGroupsPerUser);
      }
      const committed = await writeNotice(trx, this.#database.dialect, group, notice, members);
      const stays = members.map((userId) => [userId, roleOf(userId, ownerId)] as const);
      await beginStays(trx, this.#database.dialect, id, stays, 0);
      return { group, committed };
    });
  }

  find(groupId: GroupId): Promise<Group | null> {
    return this.#database.read(async (db) => (await findGroup(db, groupId)) ?? null);
  }

  async change(groupId: GroupId, newcomers: readonly UserId[], decide: DecideGroupChange): Promise<GroupCommit | null> {
    const result = await this.#database.transaction(async (trx) => {
      const before = await lockConversation(trx, groupId);
      await lockUsers(trx, this.#database.dialect, newcomers);
      const state = await readState(trx, groupId, newcomers);
      const change = decided(state, decide);
      if (change === null || change instanceof Thrown) return change;
      return this.#write(trx, state, change, before);
    });
    if (result instanceof Thrown) throw result.error;
    return result;
  }

  memberships(groupId: GroupId): Promise<readonly Membership[]> {
    return this.#database.read(async (db) => {
      await readGroup(db, groupId);
      return readStays(db, groupId);
    });
  }

  groupsOf(userId: UserId): Promise<readonly OwnGroup[]> {
    return this.#database.read((db) => readGroupsOf(db, userId));
  }

  /** In the order of a commit: the conversation is locked, now the heads of the notice, and then rows. */
  async #write(trx: Knex, state: GroupState, change: GroupChange, before: number): Promise<GroupCommit> {
    const { dialect } = this.#database;
    const plan = planGroupChange(state, change);
    const committed = await writeNotice(trx, dialect, plan.group, change.notice, plan.audience);
    await writePlan(trx, dialect, plan, { before, after: committed === null ? before : before + 1 });
    return { group: plan.group, committed };
  }
}

/** Errors: `not_found`. */
async function readState(trx: Knex, groupId: GroupId, newcomers: readonly UserId[]): Promise<GroupState> {
  const group = await readGroup(trx, groupId);
  return { group, members: await readMembers(trx, groupId), groupCounts: await countGroups(trx, newcomers) };
}

function decided(state: GroupState, decide: DecideGroupChange): GroupChange | Thrown | null {
  try {
    return decide(state);
  } catch (error) {
    return new Thrown(error);
  }
}

function roleOf(userId: UserId, ownerId: UserId): GroupRole {
  return userId === ownerId ? "owner" : "member";
}
