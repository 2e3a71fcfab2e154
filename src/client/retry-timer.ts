import type { Cancel, Runtime } from "../core/runtime.js";

/** One timer that can only be put off. */
export class RetryTimer {
  readonly #runtime: Runtime;
  readonly #run: () => void;
  #due = 0;
  #cancel: Cancel | null = null;

  constructor(runtime: Runtime, run: () => void) {
    this.#runtime = runtime;
    this.#run = run;
  }

  /** Runs after `delayMs`, or later if it was already to run later. */
  extend(delayMs: number): void {
    const due = this.#runtime.elapsed() + delayMs;
    if (this.#cancel !== null && due <= this.#due) return;
    this.stop();
    this.#due = due;
    this.#cancel = this.#runtime.setTimer(delayMs, () => {
      this.#cancel = null;
      this.#run();
    });
  }

  /** Forgets it. Repeatable. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
