import { ImError } from "../core/errors.js";
import type { Runtime } from "../core/runtime.js";

/** A call to the outside that has not come back by now counts as failed (a commit: as unknown), ms. */
const LIMIT_MS = 10_000;

/**
 * The deadlines of every call a server makes to the outside: storage, the application's `auth` and its hooks. One call that
 * never comes back would otherwise stop a stream or a lane, and keep whatever waits for it, for ever.
 */
export class Deadlines {
  readonly #runtime: Runtime;
  readonly #pending = new Set<(error: ImError) => void>();
  #closed = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * What `call` gives, in time.
   * @param what who is being waited for, for the error's text
   * Errors: `unavailable` when it takes too long, or after `close`; what `call` throws or rejects with.
   */
  within<T>(what: string, call: () => Promise<T> | T): Promise<T> {
    if (this.#closed) return Promise.reject(new ImError("unavailable", { message: "the server was closed" }));
    return new Promise((resolve, reject) => {
      const giveUp = (error: ImError): void => {
        stop();
        reject(error);
      };
      const cancel = this.#runtime.setTimer(LIMIT_MS, () => {
        giveUp(new ImError("unavailable", { message: `${what} did not answer within ${LIMIT_MS} ms` }));
      });
      const stop = (): void => {
        cancel();
        this.#pending.delete(giveUp);
      };
      this.#pending.add(giveUp);
      new Promise<T>((answer) => answer(call())).then(resolve, reject).finally(stop);
    });
  }

  /** Gives up everything that is being waited for; no timer is left. */
  close(): void {
    this.#closed = true;
    for (const giveUp of [...this.#pending]) giveUp(new ImError("unavailable", { message: "the server was closed" }));
  }
}
