import type { Runtime } from "../core/runtime.js";

/** The server's wall clock as far as it is known; this device's own may be a day off. */
export class ServerClock {
  readonly #runtime: Runtime;
  #offsetMs = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** ms since 1970 by the server's clock; by this device's until the server has told. */
  now(): number {
    return this.#runtime.now() + this.#offsetMs;
  }

  /** The server just told its time, ms since 1970; 0 tells nothing. */
  told(serverTime: number): void {
    if (serverTime > 0) this.#offsetMs = serverTime - this.#runtime.now();
  }
}
