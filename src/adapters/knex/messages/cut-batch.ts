import type { Knex } from "knex";
import type { GroupId } from "../../../core/model.js";
import type { Uplink } from "../../contracts/index.js";

/**
 * As much of a batch, from the front, as its groups' members allow: the members of what is left over would be read for
 * nothing. At least one uplink; a batch without two groups is never cut here.
 */
export async function cutByMembers(
  db: Knex,
  batch: readonly Uplink[],
  maxInboxRows: number,
): Promise<readonly Uplink[]> {
  const ids = new Set(batch.flatMap(({ target }) => (target.kind === "group" ? [target.id] : [])));
  if (ids.size < 2) return batch;
  const sizes = await countMembers(db, [...ids]);
  const read = new Set<GroupId>();
  let rows = 0;
  for (const [index, { target }] of batch.entries()) {
    if (target.kind === "group" && !read.has(target.id)) rows += sizes.get(target.id) ?? 0;
    read.add(target.id);
    if (rows >= maxInboxRows) return batch.slice(0, index + 1);
  }
  return batch;
}

async function countMembers(db: Knex, groupIds: readonly GroupId[]): Promise<Map<GroupId, number>> {
  const rows: { group_id: GroupId; size: number | string }[] = await db("shyim_group_member")
    .select("group_id")
    .count({ size: "*" })
    .whereIn("group_id", groupIds)
    .groupBy("group_id");
  return new Map(rows.map(({ group_id, size }) => [group_id, Number(size)]));
}
