import type { Presence, Route } from "../../adapters/contracts/index.js";
import type { Cancel, Runtime } from "../../core/runtime.js";

/** Sessions that are taken out in one call. */
const BATCH = 500;
/** Sessions that wait to be taken out, at most. Beyond it the oldest go: the book itself forgets them soonest. */
const MAX_WAITING = 50_000;
/** After a failure the next attempt waits so long, ms; twice as long after each further one. */
const RETRY_MS = 500;
const MAX_RETRY_MS = 8_000;

/**
 * Takes sessions that have ended out of the book, and tries until it has: what stays is a device that keeps others out. A release names
 * registration and connection, so whoever has come since stays, however late it gets there.
 */
export class Departures {
  readonly #presence: Presence;
  readonly #runtime: Runtime;
  readonly #waiting = new Map<string, Route>();
  /** A release is under way, or planned. */
  #isReleasing = false;
  #failures = 0;
  #cancelRetry: Cancel | null = null;
  #isStopped = true;

  constructor(presence: Presence, runtime: Runtime) {
    this.#presence = presence;
    this.#runtime = runtime;
  }

  start(): void {
    this.#isStopped = false;
  }

  /** What fails from now on is not tried again. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry?.();
  }

  /** Repeatable. */
  add(route: Route): void {
    this.#waiting.set(`${route.node.epoch} ${route.connection}`, route);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
    if (!this.#isReleasing) void this.#releaseSoon();
  }

  /** The book takes what it is told again: nothing is to wait for the next attempt. */
  hurry(): void {
    if (this.#cancelRetry === null) return;
    this.#cancelRetry();
    void this.#release();
  }

  /** Takes out what is left, as the last step of a goodbye. What fails now is a ghost until its time is up. */
  async releaseAll(): Promise<void> {
    while (this.#waiting.size > 0 && (await this.#releaseBatch()));
  }

  /** Whoever ends in one turn is taken out together. */
  async #releaseSoon(): Promise<void> {
    this.#isReleasing = true;
    await new Promise<void>((resolve) => this.#runtime.endOfTurn(resolve));
    await this.#release();
  }

  async #release(): Promise<void> {
    this.#cancelRetry = null;
    await this.releaseAll();
    const hasFailed = this.#waiting.size > 0;
    this.#failures = hasFailed ? this.#failures + 1 : 0;
    this.#isReleasing = hasFailed && !this.#isStopped;
    if (!this.#isReleasing) return;
    const delayMs = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** (this.#failures - 1));
    this.#cancelRetry = this.#runtime.setTimer(delayMs, () => void this.#release());
  }

  async #releaseBatch(): Promise<boolean> {
    const batch = [...this.#waiting].slice(0, BATCH);
    try {
      await this.#presence.release(batch.map(([, route]) => route));
      // Whoever was named again meanwhile may have been entered again behind this release.
      for (const [key, route] of batch) if (this.#waiting.get(key) === route) this.#waiting.delete(key);
      return true;
    } catch {
      return false;
    }
  }
}
