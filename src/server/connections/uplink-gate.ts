import type { Limits } from "../limits.js";
import { TokenBucket } from "./token-bucket.js";

/** A client may be over its window this long before it is taken for one that ignores it. */
const FLOODING_AFTER_MS = 10_000;
/** So long within the window ends a stretch of being over it: a flooder dips below it each time its socket is read again. */
const FORGIVEN_AFTER_MS = 1_000;

/** Decides when the next uplink of one connection may go on: window and rate. */
export class UplinkGate {
  readonly #window: number;
  readonly #bucket: TokenBucket;
  /** Received and not answered. */
  #outstanding = 0;
  /** Handed to the committer and not answered. */
  #flying = 0;
  #overSince: number | null = null;
  #withinSince = 0;

  constructor(limits: Limits, now: number) {
    this.#window = limits.window;
    this.#bucket = new TokenBucket(limits.uplinksPerSecond, limits.uplinkBurst, now);
  }

  /** Nothing received waits for an answer. */
  get isIdle(): boolean {
    return this.#outstanding === 0;
  }

  /** An uplink came in. */
  received(now: number): void {
    this.#outstanding++;
    if (this.#outstanding <= this.#window) return;
    const forgiven = this.#withinSince > 0 && now - this.#withinSince >= FORGIVEN_AFTER_MS;
    if (this.#overSince === null || forgiven) this.#overSince = now;
    this.#withinSince = 0;
  }

  /** Milliseconds until the next uplink may go on: 0 now, Infinity when an answer has to come first. */
  waitMs(now: number): number {
    return this.#flying >= this.#window ? Number.POSITIVE_INFINITY : this.#bucket.waitMs(now);
  }

  /** The next uplink goes on. */
  pass(now: number): void {
    this.#bucket.take(now);
    this.#flying++;
  }

  /** An uplink that went on has its answer. */
  answered(now: number): void {
    this.#flying--;
    this.#outstanding--;
    if (this.#outstanding === this.#window) this.#withinSince = now;
  }

  /** The client sends on although more than its window is unanswered, and has for a while. */
  isFlooded(now: number): boolean {
    return this.#outstanding > this.#window && this.#overSince !== null && now - this.#overSince > FLOODING_AFTER_MS;
  }
}
