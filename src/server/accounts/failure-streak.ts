import { MINUTE_MS, MinuteWindow } from "./minute-window.js";

/** So many failures within a minute are free. */
const FREE_FAILURES = 5;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** With it the longest delay is reached. */
const MAX_LEVEL = 7;

/**
 * The failures of one account from one address: five within a minute are free, then each one makes the next wait, 1 s, 2 s, 4 s
 * up to a minute. A minute without a failure after the delay, and everything is forgotten. So no minute has more than ten.
 */
export class FailureStreak {
  #recent = new MinuteWindow(FREE_FAILURES);
  /** 0: still free. */
  #level = 0;
  #markedAt = Number.NEGATIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  /** Milliseconds until the next attempt; 0 for now. */
  waitMs(now: number): number {
    if (this.#level > 0 && now >= this.#until + MINUTE_MS) this.#forget();
    return Math.max(0, this.#until - now);
  }

  /** One more failure. The caller has seen that it need not wait. */
  mark(now: number): void {
    this.#recent.mark(now);
    const isFull = this.#recent.waitMs(now) > 0;
    if (this.#level === 0 && !isFull) return;
    this.#level = Math.min(MAX_LEVEL, this.#level + 1);
    this.#markedAt = now;
    this.#until = now + Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#level - 1));
  }

  /** What was marked at this moment was none. */
  unmark(at: number): void {
    this.#recent.unmark(at);
    this.#level = Math.max(0, this.#level - 1);
    if (this.#markedAt === at) this.#until = at;
  }

  #forget(): void {
    this.#recent = new MinuteWindow(FREE_FAILURES);
    this.#level = 0;
  }
}
