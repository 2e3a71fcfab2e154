import { ImError } from "../../core/errors.js";

/** Hashes at one time: each takes a thread of four and 32 MiB. */
const MAX_RUNNING = 2;
const MAX_WAITING = 200;
/** About as long as half a full queue takes. */
const RETRY_AFTER_MS = 5_000;

/** Lets a few expensive things run at a time; the others wait in the order they came. */
export class HashQueue {
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param maxWaiting how many may wait; default 200 */
  constructor(maxWaiting = MAX_WAITING) {
    this.#maxWaiting = maxWaiting;
  }

  /** What `work` gives, when its turn has come. Errors: `busy` when too many wait; what `work` rejects with. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  #turn(): Promise<void> | undefined {
    if (this.#running < MAX_RUNNING) {
      this.#running++;
      return undefined;
    }
    if (this.#waiting.length >= this.#maxWaiting) throw new ImError("busy", { retryAfterMs: RETRY_AFTER_MS });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Who waits longest takes the place over; so nobody who comes now can slip in before. */
  #passOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}
