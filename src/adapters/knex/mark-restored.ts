import type { Knex } from "knex";
import type { SyncEpoch } from "../../core/model.js";
import { newEpoch, readMeta, writeMeta } from "./meta.js";

/**
 * A new epoch for a history that was put back. The base of an inbox is the lowest head at which that ever happened: a client
 * may come from any earlier epoch, and what it shares with the oldest ends there.
 */
export async function markRestored(trx: Knex): Promise<SyncEpoch> {
  const heads = trx("shyim_inbox_head");
  const wasRestored = (await readMeta(trx, "was_restored", "lock")) === "1";
  await (wasRestored ? heads.where("base_seq", ">", trx.ref("seq")) : heads).update({ base_seq: trx.ref("seq") });
  const syncEpoch = newEpoch();
  await writeMeta(trx, "was_restored", "1");
  await writeMeta(trx, "sync_epoch", syncEpoch);
  return syncEpoch;
}
