import type { Cancel, Runtime } from "../core/runtime.js";

/** Notices that something expected has not come for a while. Costs one timer, however often something comes. */
export class Silence {
  readonly #runtime: Runtime;
  readonly #expired: () => void;
  #limitMs = 0;
  #heardAt = 0;
  #cancel: Cancel | null = null;

  /** @param expired called once, when nothing was heard for the limit; the watch has ended by then */
  constructor(runtime: Runtime, expired: () => void) {
    this.#runtime = runtime;
    this.#expired = expired;
  }

  /** Begins a watch, or begins it anew. */
  start(limitMs: number): void {
    this.stop();
    this.#limitMs = limitMs;
    this.heard();
    this.#arm(limitMs);
  }

  /** Something came: the limit counts from now. */
  heard(): void {
    this.#heardAt = this.#runtime.elapsed();
  }

  /** Ends the watch. Repeatable. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(delayMs: number): void {
    this.#cancel = this.#runtime.setTimer(delayMs, () => this.#check());
  }

  #check(): void {
    const leftMs = this.#heardAt + this.#limitMs - this.#runtime.elapsed();
    if (leftMs > 0) return this.#arm(leftMs);
    this.#cancel = null;
    this.#expired();
  }
}
