import type { ClientStore, StoreChange } from "../../src/client/contracts.js";
import { memoryStore } from "../../src/client/stores/memory-store.js";

/** A memory store that can be told to fail or to take its time, and that shows what was saved. */
export class FaultyStore implements ClientStore {
  /** Every change that was saved, in order. */
  readonly changes: StoreChange[] = [];
  /** The next calls of these names fail, one entry per call. */
  readonly failures: ("load" | "apply" | "known")[] = [];
  readonly #inner = memoryStore();
  #held: Promise<void> | null = null;
  #release: () => void = () => {};

  /** From now on every write waits. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** Lets the waiting writes through. */
  release(): void {
    this.#held = null;
    this.#release();
  }

  async load() {
    this.#fail("load");
    return this.#inner.load();
  }

  async apply(change: StoreChange): Promise<void> {
    await this.#held;
    this.#fail("apply");
    await this.#inner.apply(change);
    this.changes.push(change);
  }

  async known(messageIds: readonly string[]) {
    this.#fail("known");
    return this.#inner.known(messageIds);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #fail(call: "load" | "apply" | "known"): void {
    const index = this.failures.indexOf(call);
    if (index < 0) return;
    this.failures.splice(index, 1);
    throw new Error(`${call} failed`);
  }
}
