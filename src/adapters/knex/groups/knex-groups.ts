import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import { conversationKey, describe, type GroupId, type UserId } from "../../../core/model.js";
import type { Group, GroupRole, GroupStore, Membership, NewGroup } from "../../contracts/index.js";
import type { Database } from "../database.js";
import { freeId } from "../free-id.js";
import { insertRows } from "../insert-rows.js";

const MEMBER_COLUMNS = ["group_id", "user_id", "role", "joined_seq"] as const;

/**
 * Groups and who is in them. Whoever changes a membership holds the row of the group's conversation, as a commit does: the
 * change stands wholly before or wholly after any message.
 */
export class KnexGroups implements GroupStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(group: NewGroup): Promise<Group> {
    return this.#database.transaction(async (trx) => {
      const id = group.id ?? (await freeId(trx, "shyim_group"));
      await this.#insertGroup(trx, { id, name: group.name, ownerId: group.ownerId });
      const others = new Set(group.memberIds);
      others.delete(group.ownerId);
      await this.#enter(trx, id, [group.ownerId], "owner", 0);
      await this.#enter(trx, id, [...others], "member", 0);
      return { id, name: group.name, ownerId: group.ownerId };
    });
  }

  find(groupId: GroupId): Promise<Group | null> {
    return this.#database.read(async (db) => {
      const row: Group | undefined = await db("shyim_group")
        .select("id", "name", "owner_id as ownerId")
        .where({ id: groupId })
        .first();
      return row ?? null;
    });
  }

  add(groupId: GroupId, userIds: readonly UserId[], maxMembers: number): Promise<number> {
    return this.#database.transaction(async (trx) => {
      const position = await lockGroup(trx, groupId);
      const members = await membersOf(trx, groupId);
      const newcomers = [...new Set(userIds)].filter((userId) => !members.has(userId));
      assertRoom(groupId, members.size, newcomers.length, maxMembers);
      await this.#enter(trx, groupId, newcomers, "member", position);
      return newcomers.length;
    });
  }

  remove(groupId: GroupId, userId: UserId): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      const position = await lockGroup(trx, groupId);
      const member = { group_id: groupId, user_id: userId };
      const stay: { role: GroupRole; joined_seq: number } | undefined = await trx("shyim_group_member")
        .select("role", "joined_seq")
        .where(member)
        .first();
      if (stay === undefined) return false;
      await trx("shyim_group_member").where(member).delete();
      const number = await nextStay(trx, member);
      await trx("shyim_past_stay").insert({ ...member, ...stay, stay: number, left_seq: position });
      return true;
    });
  }

  memberships(groupId: GroupId): Promise<readonly Membership[]> {
    return this.#database.read(async (db) => {
      await assertGroup(db, groupId);
      return readStays(db, groupId);
    });
  }

  async #insertGroup(trx: Knex, { id, name, ownerId }: Group): Promise<void> {
    const taken = await trx("shyim_group").select("id").where({ id }).first();
    const isTaken = taken !== undefined;
    if (isTaken) throw new ImError("add_failed", { message: `a group with the id ${describe(id)} exists already` });
    await trx("shyim_group").insert({ id, name, owner_id: ownerId });
    // The row that commits and changes of membership lock, there from the beginning.
    await trx("shyim_conversation").insert({ id: conversationKey(null, { kind: "group", id }), seq: 0 });
  }

  async #enter(trx: Knex, groupId: GroupId, userIds: readonly UserId[], role: GroupRole, position: number) {
    const rows = [...userIds].sort().map((userId) => [groupId, userId, role, position]);
    await insertRows(trx, this.#database.dialect, "shyim_group_member", MEMBER_COLUMNS, rows);
  }
}

/** Takes the row of the group's conversation; gives its position. Errors: `not_found`. */
async function lockGroup(trx: Knex, groupId: GroupId): Promise<number> {
  await assertGroup(trx, groupId);
  const id = conversationKey(null, { kind: "group", id: groupId });
  const row: { seq: number } | undefined = await trx("shyim_conversation")
    .select("seq")
    .where({ id })
    .first()
    .forUpdate();
  return row?.seq ?? 0;
}

async function assertGroup(db: Knex, groupId: GroupId): Promise<void> {
  const row = await db("shyim_group").select("id").where({ id: groupId }).first();
  if (row === undefined) throw new ImError("not_found", { message: `there is no group ${describe(groupId)}` });
}

async function membersOf(db: Knex, groupId: GroupId): Promise<Set<UserId>> {
  return new Set(await db("shyim_group_member").where({ group_id: groupId }).pluck("user_id"));
}

function assertRoom(groupId: GroupId, size: number, coming: number, maxMembers: number): void {
  if (coming === 0 || size + coming <= maxMembers) return;
  const message = `group ${describe(groupId)} has ${size} members; ${coming} more would exceed ${maxMembers}`;
  throw new ImError("too_large", { message });
}

/** Numbers the ended stays of one user, so that two with equal positions keep their order. */
async function nextStay(trx: Knex, member: { group_id: GroupId; user_id: UserId }): Promise<number> {
  const [row] = await trx("shyim_past_stay").where(member).max({ last: "stay" });
  return Number(row?.last ?? 0) + 1;
}

interface StayRow {
  readonly user_id: UserId;
  readonly role: GroupRole;
  readonly joined_seq: number;
  readonly left_seq: number | null;
}

/** One statement, so that nobody is seen leaving and still in. Of one user the ended stays come first, in their order. */
async function readStays(db: Knex, groupId: GroupId): Promise<Membership[]> {
  const columns = ["user_id", "role", "joined_seq"];
  const current = db("shyim_group_member")
    .select(...columns, db.raw("null as left_seq"), db.raw("1 as is_current"), db.raw("0 as stay"))
    .where({ group_id: groupId });
  const rows: StayRow[] = await db("shyim_past_stay")
    .select(...columns, "left_seq", db.raw("0 as is_current"), "stay")
    .where({ group_id: groupId })
    .unionAll(current)
    .orderBy(["user_id", "is_current", "stay"]);
  return rows.map(membershipOf);
}

function membershipOf({ user_id, role, joined_seq, left_seq }: StayRow): Membership {
  return { userId: user_id, role, joinedSeq: joined_seq, leftSeq: left_seq };
}
