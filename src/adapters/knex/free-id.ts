import type { Knex } from "knex";
import { readMeta, writeMeta } from "./meta.js";

const COUNTER = { shyim_group: "next_group_id", shyim_user: "next_user_id" } as const;

/** Decimals looked up in one statement; an application may have taken many. */
const AT_ONCE = 500;

/**
 * The next decimal no application has taken as an id of its own in `table`. A counter in `shyim_meta` remembers where to go
 * on, so that ids are never handed out twice.
 */
export async function freeId(trx: Knex, table: keyof typeof COUNTER): Promise<string> {
  // The counter may have no row to lock yet; this one is always there.
  await readMeta(trx, "schema_version", "lock");
  for (let from = Number((await readMeta(trx, COUNTER[table])) ?? 1); ; from += AT_ONCE) {
    const candidates = Array.from({ length: AT_ONCE }, (_, index) => String(from + index));
    const taken = new Set<string>(await trx(table).whereIn("id", candidates).pluck("id"));
    const free = candidates.find((id) => !taken.has(id));
    if (free === undefined) continue;
    await writeMeta(trx, COUNTER[table], String(Number(free) + 1));
    return free;
  }
}
