import { nodePlatform } from "../../../src/client/platforms/node.js";
import type { Cancel, Runtime } from "../../../src/core/runtime.js";

/** The runtime of one application, which can die: then nothing it asked for happens any more. */
export class MortalRuntime implements Runtime {
  readonly #system: Runtime = nodePlatform().runtime;
  readonly #timers = new Set<Cancel>();
  #isDead = false;

  /** True after {@link kill}. */
  get dead(): boolean {
    return this.#isDead;
  }

  /** Like kill -9. */
  kill(): void {
    this.#isDead = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Something reaches the application from outside; never when it is dead. */
  inside(run: () => void): void {
    if (!this.#isDead) run();
  }

  now(): number {
    return this.#system.now();
  }

  elapsed(): number {
    return this.#system.elapsed();
  }

  setTimer(delayMs: number, run: () => void): Cancel {
    if (this.#isDead) return () => undefined;
    const stop = this.#system.setTimer(delayMs, () => {
      this.#timers.delete(cancel);
      run();
    });
    const cancel = (): void => {
      this.#timers.delete(cancel);
      stop();
    };
    this.#timers.add(cancel);
    return cancel;
  }

  endOfTurn(run: () => void): void {
    this.#system.endOfTurn(() => this.inside(run));
  }

  randomBytes(length: number): Uint8Array {
    return this.#system.randomBytes(length);
  }

  random(): number {
    return this.#system.random();
  }
}
