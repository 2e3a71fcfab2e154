import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import { conversationKey, describe, type GroupId, type UserId } from "../../../core/model.js";
import type { Group, GroupRole } from "../../contracts/index.js";
import type { GroupPlan } from "../../contracts/plan-group-change.js";
import type { Dialect } from "../dialect.js";
import { insertRows } from "../insert-rows.js";
import { slicesOf } from "../slices.js";

const MEMBER_COLUMNS = ["group_id", "user_id", "role", "joined_seq"] as const;
const STAY_COLUMNS = ["group_id", "user_id", "stay", "role", "joined_seq", "left_seq"] as const;

/** Where the conversation stood before a change, and where it stands after its notice. */
export interface Positions {
  readonly before: number;
  readonly after: number;
}

/** Errors: `add_failed` when there is a group with this id. */
export async function assertNoGroup(trx: Knex, id: GroupId): Promise<void> {
  const taken = await trx("shyim_group").select("id").where({ id }).first();
  if (taken === undefined) return;
  throw new ImError("add_failed", { message: `a group with the id ${describe(id)} exists already` });
}

/** Writes a new group without members. */
export async function insertGroup(trx: Knex, { id, name, ownerId }: Group): Promise<void> {
  await trx("shyim_group").insert({ id, name, owner_id: ownerId });
  // The row that commits and changes of a group lock, there from the beginning.
  await trx("shyim_conversation").insert({ id: conversationKey(null, { kind: "group", id }), seq: 0 });
}

/** Writes a change whose notice, if there is one, is written. */
export async function writePlan(trx: Knex, dialect: Dialect, plan: GroupPlan, positions: Positions): Promise<void> {
  const { id, name, ownerId } = plan.group;
  await trx("shyim_group").where({ id }).update({ name, owner_id: ownerId });
  for (const some of slicesOf(plan.leaving)) await endStays(trx, dialect, id, some, positions.after);
  for (const [userId, role] of plan.promoted) {
    await trx("shyim_group_member").where({ group_id: id, user_id: userId }).update({ role });
  }
  await beginStays(trx, dialect, id, plan.coming, positions.before);
}

/** Begins stays at `position`. */
export async function beginStays(
  trx: Knex,
  dialect: Dialect,
  groupId: GroupId,
  coming: readonly (readonly [UserId, GroupRole])[],
  position: number,
): Promise<void> {
  const rows = coming.map(([userId, role]) => [groupId, userId, role, position]);
  await insertRows(trx, dialect, "shyim_group_member", MEMBER_COLUMNS, rows);
}

/** Ends stays at `position`. */
async function endStays(
  trx: Knex,
  dialect: Dialect,
  groupId: GroupId,
  userIds: readonly UserId[],
  position: number,
): Promise<void> {
  const stays = () => trx("shyim_group_member").where({ group_id: groupId }).whereIn("user_id", userIds);
  const ending: { user_id: UserId; role: GroupRole; joined_seq: number }[] = await stays().select(
    "user_id",
    "role",
    "joined_seq",
  );
  const last = await lastStays(trx, groupId, userIds);
  const rows = ending.map(({ user_id, role, joined_seq }) => {
    return [groupId, user_id, (last.get(user_id) ?? 0) + 1, role, joined_seq, position];
  });
  await insertRows(trx, dialect, "shyim_past_stay", STAY_COLUMNS, rows);
  await stays().delete();
}

/** The numbers of the last ended stays: two with equal positions keep their order by them. */
async function lastStays(trx: Knex, groupId: GroupId, userIds: readonly UserId[]): Promise<Map<UserId, number>> {
  const rows: { user_id: UserId; last: number | string }[] = await trx("shyim_past_stay")
    .select("user_id")
    .max({ last: "stay" })
    .where({ group_id: groupId })
    .whereIn("user_id", userIds)
    .groupBy("user_id");
  return new Map(rows.map(({ user_id, last }) => [user_id, Number(last)]));
}
