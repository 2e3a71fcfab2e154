import { setTimeout as sleep } from "node:timers/promises";
import type { History } from "../../../src/testing/simulation/history.js";

const ASK_EVERY_MS = 200;

/**
 * Writes down when nobody may be judged for being late: from the beginning of a fault that keeps the storage from everybody until it
 * takes commits again after the last of them.
 */
export class Climate {
  readonly #history: History;
  readonly #probe: () => Promise<void>;
  readonly #end = new AbortController();
  #troubles = 0;
  #isCalm = true;
  #clearing: Promise<void> | null = null;

  /** @param probe resolves when the storage takes commits */
  constructor(history: History, probe: () => Promise<void>) {
    this.#history = history;
    this.#probe = probe;
  }

  /** A trouble begins. Call what is returned when its cause is gone. */
  trouble(): () => void {
    this.#troubles++;
    if (this.#isCalm) this.#history.record({ kind: "trouble" });
    this.#isCalm = false;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#troubles--;
      this.#clear();
    };
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#clearing;
  }

  #clear(): void {
    if (this.#clearing !== null || this.#troubles > 0) return;
    this.#clearing = this.#wait().finally(() => {
      this.#clearing = null;
    });
  }

  async #wait(): Promise<void> {
    while (this.#troubles === 0 && !this.#isCalm && !this.#end.signal.aborted) {
      const works = await this.#probe().then(
        () => true,
        () => false,
      );
      if (works && this.#troubles === 0) {
        this.#isCalm = true;
        this.#history.record({ kind: "calm" });
      } else await sleep(ASK_EVERY_MS);
    }
  }
}
