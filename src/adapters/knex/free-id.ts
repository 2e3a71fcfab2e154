import type { Knex } from "knex";
import { readMeta, writeMeta } from "./meta.js";

const COUNTER = { shyim_group: "next_group_id", shyim_user: "next_user_id" } as const;

/**
 * The next decimal no application has taken as an id of its own in `table`. A counter in `shyim_meta` remembers where to go
 * on, so that ids are never handed out twice.
 */
export async function freeId(trx: Knex, table: keyof typeof COUNTER): Promise<string> {
  let next = Number((await readMeta(trx, COUNTER[table], "lock")) ?? 1);
  while (
    (await trx(table)
      .select("id")
      .where({ id: String(next) })
      .first()) !== undefined
  )
    next++;
  await writeMeta(trx, COUNTER[table], String(next + 1));
  return String(next);
}
