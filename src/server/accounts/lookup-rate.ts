import type { UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import { networkOf } from "./network-of.js";
import { RecentMap } from "./recent-map.js";

/**
 * Numbers a user may look up: after being quiet so many at once, then one in so many ms. An evening of adding friends fits into it;
 * who goes through a range of numbers to learn who has an account gets 2,880 answers a day.
 */
const PER_USER = { atOnce: 20, intervalMs: 30_000 };
/**
 * The same for one address. It is needed besides: one address may open ten accounts a minute, and each would bring its own 20. A
 * household or an office does not notice it.
 */
const PER_ADDRESS = { atOnce: 60, intervalMs: 5_000 };
/** Users and addresses remembered, each; the one that was quiet longest is forgotten first, and starts anew. */
const MAX_REMEMBERED = 10_000;

/** Keeps users from finding out by trial who has an account. */
export class LookupRate {
  readonly #runtime: Pick<Runtime, "elapsed">;
  readonly #users = new Allowances(PER_USER);
  readonly #addresses = new Allowances(PER_ADDRESS);

  constructor(runtime: Pick<Runtime, "elapsed">) {
    this.#runtime = runtime;
  }

  /**
   * Counts a lookup and gives `null`; or says when a repeat makes sense, ms from now, and counts nothing.
   * @param address where the user called from. Calls without one share no budget: three users could use it up for all
   */
  take(userId: UserId, address: string | null): number | null {
    const now = this.#runtime.elapsed();
    const network = address === null ? null : networkOf(address);
    const ofNetwork = network === null ? 0 : this.#addresses.waitMs(network, now);
    const waitMs = Math.max(this.#users.waitMs(userId, now), ofNetwork);
    if (waitMs > 0) return Math.ceil(waitMs);
    this.#users.count(userId, now);
    if (network !== null) this.#addresses.count(network, now);
    return null;
  }
}

/**
 * `atOnce` after being quiet, then one in `intervalMs`, for each of many. Of each is kept until when it has used its time up: whole
 * intervals are added, so who waits exactly as told is let in, without a rest of a fraction.
 */
class Allowances {
  readonly #leadMs: number;
  readonly #intervalMs: number;
  readonly #usedUntil = new RecentMap<number>(MAX_REMEMBERED);

  constructor({ atOnce, intervalMs }: { readonly atOnce: number; readonly intervalMs: number }) {
    this.#leadMs = (atOnce - 1) * intervalMs;
    this.#intervalMs = intervalMs;
  }

  waitMs(key: string, now: number): number {
    return Math.max(0, (this.#usedUntil.get(key) ?? now) - this.#leadMs - now);
  }

  count(key: string, now: number): void {
    this.#usedUntil.set(key, Math.max(now, this.#usedUntil.get(key) ?? now) + this.#intervalMs);
  }
}
