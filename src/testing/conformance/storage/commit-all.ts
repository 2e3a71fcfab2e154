import type { Outcome, Storage, Uplink } from "../../../adapters/contracts/index.js";
import { isImError } from "../../../core/errors.js";
import { assertThat } from "../assert.js";

/** How often one batch may be answered `busy` before the suite calls it a failure. */
const MAX_BUSY = 10;

/**
 * Brings `uplinks` in batches the storage takes until each has its outcome: a commit may answer a prefix, and the rest
 * is brought again.
 */
export async function commitAll(storage: Storage, uplinks: readonly Uplink[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < uplinks.length) {
    const batch = takeBatch(storage, uplinks, outcomes.length);
    const answered = await commitPatiently(storage, batch);
    assertThat(
      answered.length > 0 && answered.length <= batch.length,
      `a commit of ${batch.length} uplinks answers 1 to ${batch.length} of them, not ${answered.length}`,
    );
    outcomes.push(...answered);
  }
  return outcomes;
}

function takeBatch({ commitLimits }: Storage, uplinks: readonly Uplink[], from: number): Uplink[] {
  const batch: Uplink[] = [];
  let bytes = 0;
  for (const uplink of uplinks.slice(from, from + commitLimits.maxUplinks)) {
    bytes += uplink.content.length;
    if (batch.length > 0 && bytes > commitLimits.maxBytes) break;
    batch.push(uplink);
  }
  return batch;
}

async function commitPatiently(storage: Storage, batch: readonly Uplink[]): Promise<readonly Outcome[]> {
  for (let tries = 1; ; tries++) {
    try {
      return (await storage.messages.commit(batch)).outcomes;
    } catch (error) {
      if (!isImError(error, "busy") || tries === MAX_BUSY) throw error;
    }
  }
}
