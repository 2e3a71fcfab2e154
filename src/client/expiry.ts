import type { Cancel, Runtime } from "../core/runtime.js";

/** Says when messages have waited for too long. All have the same patience, so one list and one timer do. */
export class Expiry {
  readonly #runtime: Runtime;
  readonly #ttlMs: number | null;
  readonly #expired: (clientId: number) => void;
  /** When each message's time is up, in the order it was added, which is the order of time. */
  readonly #dueOf = new Map<number, number>();
  #cancel: Cancel | null = null;

  /**
   * @param ttlMs `null` switches it off
   * @param expired called for every message whose time is up
   */
  constructor(runtime: Runtime, ttlMs: number | null, expired: (clientId: number) => void) {
    this.#runtime = runtime;
    this.#ttlMs = ttlMs;
    this.#expired = expired;
  }

  /** A message was handed over just now. */
  add(clientId: number): void {
    if (this.#ttlMs === null) return;
    this.#dueOf.set(clientId, this.#runtime.elapsed() + this.#ttlMs);
    if (this.#cancel === null) this.#arm(this.#ttlMs);
  }

  /** The message is settled, or may have reached the server: its time is not up any more. */
  remove(clientId: number): void {
    this.#dueOf.delete(clientId);
  }

  /** Ends. Repeatable. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#dueOf.clear();
  }

  #arm(delayMs: number): void {
    this.#cancel = this.#runtime.setTimer(delayMs, () => this.#check());
  }

  #check(): void {
    this.#cancel = null;
    const now = this.#runtime.elapsed();
    for (const [clientId, due] of this.#dueOf) {
      if (due > now) return this.#arm(due - now);
      this.#dueOf.delete(clientId);
      this.#expired(clientId);
    }
  }
}
