import { ImError } from "../../core/errors.js";

/** Hashes at one time: each takes a thread of four and 32 MiB. */
const MAX_RUNNING = 2;
const MAX_WAITING = 200;
/** So a few networks cannot fill the queue for everybody. */
const MAX_WAITING_PER_NETWORK = 10;
/** About as long as half a full queue takes. */
const RETRY_AFTER_MS = 5_000;

/** Somebody in the queue. */
interface Waiting {
  readonly network: string | null;
  readonly begin: () => void;
}

/** Lets a few expensive things run at a time; the others wait in the order they came. */
export class HashQueue {
  readonly #maxWaiting: number;
  readonly #waiting: Waiting[] = [];
  /** Of each network how many wait; only of those of whom somebody does. */
  readonly #waitingOf = new Map<string, number>();
  #running = 0;

  /** @param maxWaiting how many may wait; default 200 */
  constructor(maxWaiting = MAX_WAITING) {
    this.#maxWaiting = maxWaiting;
  }

  /**
   * What `work` gives, when its turn has come.
   * Errors: `busy` when too many wait, altogether or of this network; what `work` rejects with.
   * @param network see `networkOf`; `null` for the application itself, which has no bound of its own
   */
  async run<T>(network: string | null, work: () => Promise<T>): Promise<T> {
    await this.#turn(network);
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  #turn(network: string | null): Promise<void> | undefined {
    if (this.#running < MAX_RUNNING) {
      this.#running++;
      return undefined;
    }
    if (this.#isFull(network)) throw new ImError("busy", { retryAfterMs: RETRY_AFTER_MS });
    this.#count(network, 1);
    return new Promise((begin) => this.#waiting.push({ network, begin }));
  }

  #isFull(network: string | null): boolean {
    if (this.#waiting.length >= this.#maxWaiting) return true;
    return network !== null && (this.#waitingOf.get(network) ?? 0) >= MAX_WAITING_PER_NETWORK;
  }

  #count(network: string | null, change: 1 | -1): void {
    if (network === null) return;
    const count = (this.#waitingOf.get(network) ?? 0) + change;
    if (count > 0) this.#waitingOf.set(network, count);
    else this.#waitingOf.delete(network);
  }

  /** Who waits longest takes the place over; so nobody who comes now can slip in before. */
  #passOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#running--;
      return;
    }
    this.#count(next.network, -1);
    next.begin();
  }
}
