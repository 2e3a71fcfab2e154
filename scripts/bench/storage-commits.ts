import type { Outcome, Uplink } from "../../src/adapters/contracts/index.js";
import type { KnexStorage } from "../../src/adapters/knex/index.js";
import type { BenchSettings } from "./bench-settings.js";
import { quantile } from "./quantile.js";
import type { CommitFigures } from "./storage-report.js";

/** What was stored so far. */
interface Tally {
  /** Of each commit, ms. */
  readonly durations: number[];
  messages: number;
  inboxRows: number;
}

/** Commits batches until the time is up. What making the messages takes does not count. */
export async function measureCommits(
  storage: KnexStorage,
  batch: number,
  make: () => Uplink,
  { durationMs, signal }: BenchSettings,
): Promise<Omit<CommitFigures, "to">> {
  const tally: Tally = { durations: [], messages: 0, inboxRows: 0 };
  for (const endsAt = performance.now() + durationMs; performance.now() < endsAt; ) {
    signal.throwIfAborted();
    const uplinks = Array.from({ length: batch }, make);
    await commitWhole(storage, uplinks, tally);
  }
  return figuresOf(batch, tally);
}

/** Stores messages in batches as large as the storage takes. */
export async function storeAll(
  storage: KnexStorage,
  uplinks: readonly Uplink[],
  { signal }: BenchSettings,
): Promise<void> {
  const tally: Tally = { durations: [], messages: 0, inboxRows: 0 };
  const { maxUplinks } = storage.commitLimits;
  for (let from = 0; from < uplinks.length; from += maxUplinks) {
    signal.throwIfAborted();
    await commitWhole(storage, uplinks.slice(from, from + maxUplinks), tally);
  }
}

/** A commit takes what its limits allow and may answer a part of it; the rest is brought again, as a server does. */
async function commitWhole(storage: KnexStorage, uplinks: readonly Uplink[], tally: Tally): Promise<void> {
  for (let rest = uplinks; rest.length > 0; ) {
    const part = rest.slice(0, storage.commitLimits.maxUplinks);
    const begin = performance.now();
    const { outcomes } = await storage.messages.commit(part);
    tally.durations.push(performance.now() - begin);
    if (outcomes.length === 0) throw new Error(`a commit answered none of ${part.length} messages`);
    for (const outcome of outcomes) count(outcome, tally);
    rest = rest.slice(outcomes.length);
  }
}

/** All must be stored; a bench of refusals would be fast and worthless. */
function count(outcome: Outcome, tally: Tally): void {
  if (outcome.kind !== "stored" || outcome.fresh === null) throw new Error(`a message was not stored: ${outcome.kind}`);
  tally.messages += 1;
  tally.inboxRows += outcome.fresh.deliveries.length;
}

function figuresOf(batch: number, { durations, messages, inboxRows }: Tally): Omit<CommitFigures, "to"> {
  const seconds = durations.reduce((sum, each) => sum + each, 0) / 1_000;
  return {
    batch,
    messagesPerSecond: Math.round(messages / seconds),
    inboxRowsPerSecond: Math.round(inboxRows / seconds),
    messages,
    inboxRows,
    commits: durations.length,
    seconds: Number(seconds.toFixed(3)),
    medianMs: Number(quantile(durations, 0.5).toFixed(3)),
  };
}
