import type { CommitLimits, CommitResult, MessageStore, Outcome, Uplink } from "../../adapters/contracts/index.js";
import { ImError, isTransient } from "../../core/errors.js";
import type { SyncEpoch } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";

/** So long a failing storage is tried before senders are told to come again. */
const GIVE_UP_AFTER_MS = 5_000;
/** A failure so long after the last one is a new trouble, to be tried for as long again. */
const FORGOTTEN_AFTER_MS = 30_000;
const FIRST_RETRY_MS = 20;
const MAX_RETRY_MS = 1_000;

/** What became of an uplink: the storage's outcome, or `busy` — unknown, to be repeated. */
export type Decision = { readonly syncEpoch: SyncEpoch; readonly outcome: Outcome } | { readonly outcome: "busy" };

/** An uplink with the one who waits for its decision. */
export interface Waiting {
  readonly uplink: Uplink;
  readonly decide: (decision: Decision) => void;
}

/** What a lane needs. */
export interface CommitLaneServices {
  /** Answers in time, see impatient-store.ts. */
  readonly store: MessageStore;
  readonly limits: CommitLimits;
  readonly runtime: Runtime;
  /** Told of every commit after its senders were. */
  readonly onCommitted: (result: CommitResult) => void;
  /** Told when a commit failed, before it is tried again. */
  readonly onFailed: (error: unknown, uplinks: readonly Uplink[]) => void;
}

/** What an uplink takes besides its content, bytes, rounded up: ids, numbers, and what waits for it. */
const OVERHEAD_BYTES = 512;

const BUSY: Decision = { outcome: "busy" };

/** What an uplink that waits takes, bytes: content and what goes with it. The bounds of everything that waits are counted in it. */
export function weightOf({ uplink }: Pick<Waiting, "uplink">): number {
  return uplink.content.length + OVERHEAD_BYTES;
}

/**
 * Commits one batch at a time, in the order of arrival. What comes in meanwhile is the next batch: an idle server commits
 * a lone message at once, a busy one batches by itself.
 */
export class CommitLane {
  readonly #services: CommitLaneServices;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #running = false;
  #closed = false;
  /** Ends the wait before the next try. */
  #wake: (() => void) | null = null;
  /** Since when the storage has been failing, elapsed ms. */
  #failingSince: number | null = null;
  /** When it failed last, elapsed ms. */
  #failedAt = 0;

  constructor(services: CommitLaneServices) {
    this.#services = services;
  }

  /** Nothing is queued or under way. */
  get isIdle(): boolean {
    return !this.#running;
  }

  /** What waits, bytes: content and what goes with it. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Waits for nothing any more; what is queued or comes later is decided `busy`. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  push(waiting: Waiting): void {
    if (this.#closed) return waiting.decide(BUSY);
    this.#queue.push(waiting);
    this.#queuedBytes += weightOf(waiting);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#queue.length > 0) await this.#settle(this.#takeBatch());
    this.#running = false;
  }

  #takeBatch(): Waiting[] {
    const { maxUplinks, maxBytes } = this.#services.limits;
    let bytes = 0;
    let count = 0;
    for (const { uplink } of this.#queue) {
      if (count === maxUplinks || (count > 0 && bytes + uplink.content.length > maxBytes)) break;
      bytes += uplink.content.length;
      count++;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    for (const waiting of batch) this.#queuedBytes -= weightOf(waiting);
    return batch;
  }

  /** Gets a decision for each of `batch`, whatever happens. */
  async #settle(batch: readonly Waiting[]): Promise<void> {
    let rest = batch;
    while (rest.length > 0) {
      const done = await this.#attempt(rest);
      rest = rest.slice(done);
    }
  }

  /** Answers how many of the batch, from the front, have their decision now. */
  async #attempt(batch: readonly Waiting[]): Promise<number> {
    try {
      const result = await this.#commit(batch);
      this.#failingSince = null;
      return this.#announce(batch, result);
    } catch (error) {
      const uplinks = batch.map(({ uplink }) => uplink);
      if (!this.#closed) this.#services.onFailed(error, uplinks);
      return isTransient(error) ? this.#waitOrGiveUp(batch) : this.#isolate(batch);
    }
  }

  #announce(batch: readonly Waiting[], result: CommitResult): number {
    const { syncEpoch, outcomes } = result;
    for (const [index, outcome] of outcomes.entries()) batch[index]?.decide({ syncEpoch, outcome });
    this.#services.onCommitted(result);
    return outcomes.length;
  }

  async #commit(batch: readonly Waiting[]): Promise<CommitResult> {
    const result = await this.#services.store.commit(batch.map(({ uplink }) => uplink));
    if (result.outcomes.length > 0) return result;
    throw new ImError("internal", { message: "the storage answered a batch with no outcome at all" });
  }

  async #waitOrGiveUp(batch: readonly Waiting[]): Promise<number> {
    const { runtime } = this.#services;
    const now = runtime.elapsed();
    if (this.#failingSince === null || now - this.#failedAt > FORGOTTEN_AFTER_MS) this.#failingSince = now;
    this.#failedAt = now;
    const failingMs = now - this.#failingSince;
    if (failingMs < GIVE_UP_AFTER_MS && !this.#closed) {
      await this.#sleep(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS + failingMs));
      return 0;
    }
    for (const { decide } of batch) decide(BUSY);
    return batch.length;
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#services.runtime.setTimer(delayMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  /**
   * Some record of the batch can never be stored: halve until it is alone. Then its refusal is stored in its place, so
   * that a late copy gets the same answer; if even that fails, nobody knows, and the sender is told to come again.
   */
  async #isolate(batch: readonly Waiting[]): Promise<number> {
    if (batch.length > 1) {
      await this.#settle(batch.slice(0, batch.length >> 1));
      return batch.length >> 1;
    }
    const [bad] = batch as [Waiting];
    if (bad.uplink.refuse !== "store_failed") {
      const refusal = { ...bad.uplink, content: new Uint8Array(0), refuse: "store_failed" as const };
      await this.#settle([{ uplink: refusal, decide: bad.decide }]);
    } else {
      bad.decide(BUSY);
    }
    return 1;
  }
}
