import type { UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import { TokenBucket } from "./token-bucket.js";

/** Calls of one user per second in the long run, and at once. */
const PER_SECOND = 5;
const BURST = 20;
/** Users remembered; when there are more, those who have been quiet are forgotten, and if none has, the oldest. */
const MAX_USERS = 10_000;

/** Keeps one user from keeping the node busy: with logins over sockets, or with changes over HTTP. */
export class UserRate {
  readonly #runtime: Pick<Runtime, "elapsed">;
  readonly #buckets = new Map<UserId, TokenBucket>();

  constructor(runtime: Pick<Runtime, "elapsed">) {
    this.#runtime = runtime;
  }

  /** True when the user may make a call now. */
  take(userId: UserId): boolean {
    const now = this.#runtime.elapsed();
    const bucket = this.#buckets.get(userId) ?? this.#remember(userId, now);
    return bucket.take(now);
  }

  #remember(userId: UserId, now: number): TokenBucket {
    if (this.#buckets.size >= MAX_USERS) this.#forget(now);
    const bucket = new TokenBucket(PER_SECOND, BURST, now);
    this.#buckets.set(userId, bucket);
    return bucket;
  }

  #forget(now: number): void {
    const before = this.#buckets.size;
    for (const [userId, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(userId);
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size === before && !oldest.done) this.#buckets.delete(oldest.value);
  }
}
