import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import { conversationKey, describe, type GroupId, type UserId } from "../../../core/model.js";
import type { Group, GroupRole, Membership, OwnGroup } from "../../contracts/index.js";
import { slicesOf } from "../slices.js";

const GROUP_COLUMNS = ["shyim_group.id", "shyim_group.name", "shyim_group.owner_id as ownerId"];

/** The group, or `undefined`. */
export function findGroup(db: Knex, groupId: GroupId): Promise<Group | undefined> {
  return db("shyim_group").select(GROUP_COLUMNS).where({ id: groupId }).first();
}

/** Errors: `not_found`. */
export async function readGroup(db: Knex, groupId: GroupId): Promise<Group> {
  const group = await findGroup(db, groupId);
  if (group === undefined) throw new ImError("not_found", { message: `there is no group ${describe(groupId)}` });
  return group;
}

/** Takes the row of a group's conversation and gives its position; what is read afterwards stays so. */
export async function lockConversation(trx: Knex, groupId: GroupId): Promise<number> {
  const id = conversationKey(null, { kind: "group", id: groupId });
  const query = trx("shyim_conversation").select("seq").where({ id }).first().forUpdate();
  const row: { seq: number } | undefined = await query;
  return row?.seq ?? 0;
}

/** Who is in now, with their roles. */
export async function readMembers(db: Knex, groupId: GroupId): Promise<Map<UserId, GroupRole>> {
  const query = db("shyim_group_member").select("user_id", "role").where({ group_id: groupId });
  const rows: { user_id: UserId; role: GroupRole }[] = await query;
  return new Map(rows.map(({ user_id, role }) => [user_id, role]));
}

/** In how many groups users are now; who is in none is absent. */
export async function countGroups(db: Knex, userIds: readonly UserId[]): Promise<Map<UserId, number>> {
  const counts = new Map<UserId, number>();
  for (const some of slicesOf(userIds)) {
    const rows: { user_id: UserId; size: number | string }[] = await db("shyim_group_member")
      .select("user_id")
      .count({ size: "*" })
      .whereIn("user_id", some)
      .groupBy("user_id");
    for (const { user_id, size } of rows) counts.set(user_id, Number(size));
  }
  return counts;
}

/** The groups a user is in now. */
export function readGroupsOf(db: Knex, userId: UserId): Promise<OwnGroup[]> {
  return db("shyim_group_member")
    .join("shyim_group", "shyim_group.id", "group_id")
    .select(...GROUP_COLUMNS, "role")
    .where({ user_id: userId })
    .orderBy("group_id");
}

interface StayRow {
  readonly user_id: UserId;
  readonly role: GroupRole;
  readonly joined_seq: number;
  readonly left_seq: number | null;
}

/** One statement, so that nobody is seen leaving and still in. Of one user the ended stays come first, in their order. */
export async function readStays(db: Knex, groupId: GroupId): Promise<Membership[]> {
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
