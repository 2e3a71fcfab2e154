import type {
  MessageStore,
  PendingCommit,
  PendingLimit,
  PendingSends,
  Uplink,
} from "../../src/adapters/contracts/index.js";
import { ImError } from "../../src/core/errors.js";

/** A transaction of nothing: it only ends. */
export class FakeTransaction {
  readonly settled: Promise<void>;
  /** Ends it. What was put down in it counts from now on. */
  commit: () => void = () => {};

  constructor() {
    this.settled = new Promise((resolve) => {
      this.commit = resolve;
    });
  }
}

/** Pending sends in an array over a real store; fails as it is told. */
export class FakePendingSends implements PendingSends {
  readonly limits: PendingLimit[] = [];
  waiting: Uplink[] = [];
  /** What the next commits reject with, one each. */
  readonly failures: ImError[] = [];
  /** What happens before each commit. */
  onCommit: (() => Promise<void>) | null = null;
  /** An uplink that can never be stored. */
  poison: Uplink | null = null;
  readonly #store: MessageStore;

  constructor(store: MessageStore) {
    this.#store = store;
  }

  async write(transaction: unknown, uplink: Uplink): Promise<{ readonly settled: Promise<unknown> }> {
    const { settled } = transaction as FakeTransaction;
    return { settled: settled.then(() => void this.waiting.push(uplink)) };
  }

  async commit(limit: PendingLimit): Promise<PendingCommit | null> {
    this.limits.push(limit);
    await this.onCommit?.();
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const taken = this.waiting.slice(0, limit.maxUplinks);
    if (taken.length === 0) return null;
    const { refuse = null } = limit;
    if (refuse === null && taken.some((uplink) => uplink === this.poison)) throw new ImError("store_failed");
    const uplinks = taken.map((uplink) => ({ ...uplink, refuse }));
    const result = await this.#store.commit(uplinks);
    this.waiting = this.waiting.slice(result.outcomes.length);
    return { ...result, uplinks: uplinks.slice(0, result.outcomes.length) };
  }
}
