import type { Knex } from "knex";
import type { Decision } from "../contracts/decide-batch.js";
import { REFUSAL_LIFE_MS, type RefusalClock, tickRefusalClock } from "../contracts/refusal-clock.js";
import type { Dialect } from "./dialect.js";
import { insertRows } from "./insert-rows.js";
import { storedId } from "./messages/message-id.js";
import { readMeta, writeMeta } from "./meta.js";

/** How many old tombstones a commit with refusals forgets for each new one: they shrink, and no commit stalls. */
const FORGOTTEN_PER_REFUSAL = 16;

/** Writes tombstones and forgets those older than {@link REFUSAL_LIFE_MS} of believable time. */
export async function writeRefusals(
  trx: Knex,
  dialect: Dialect,
  refused: readonly (Decision & { readonly kind: "refuse" })[],
): Promise<void> {
  if (refused.length === 0) return;
  let clock = await readClock(trx);
  const rows = refused.map(({ uplink, code }) => {
    clock = tickRefusalClock(clock, uplink.serverTime);
    return [storedId(uplink.messageId), code, clock.ageMs];
  });
  await insertRows(trx, dialect, "shyim_refusal", ["id", "code", "written_at"], rows);
  await writeMeta(trx, "refusal_age", String(clock.ageMs));
  await writeMeta(trx, "last_refusal_time", String(clock.lastServerTime));
  await forget(trx, clock.ageMs - REFUSAL_LIFE_MS, refused.length * FORGOTTEN_PER_REFUSAL);
}

async function readClock(trx: Knex): Promise<RefusalClock> {
  const last = await readMeta(trx, "last_refusal_time", "lock");
  return {
    ageMs: Number((await readMeta(trx, "refusal_age")) ?? 0),
    lastServerTime: last === undefined ? null : Number(last),
  };
}

async function forget(trx: Knex, before: number, most: number): Promise<void> {
  const old: { id: Uint8Array }[] = await trx("shyim_refusal")
    .select("id")
    .where("written_at", "<", before)
    .orderBy("written_at")
    .limit(most);
  if (old.length > 0)
    await trx("shyim_refusal")
      .whereIn("id", old.map(({ id }) => id) as Buffer[])
      .delete();
}
