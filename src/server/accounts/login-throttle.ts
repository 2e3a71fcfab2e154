import type { Runtime } from "../../core/runtime.js";
import { FailureStreak } from "./failure-streak.js";
import { MinuteWindow } from "./minute-window.js";
import { networkOf } from "./network-of.js";
import { RecentMap } from "./recent-map.js";

/** Failures of one address in a minute, over all accounts. */
const PER_ADDRESS = 30;
/** Failures of one account in a minute, over all addresses it has never signed in from. */
const PER_ACCOUNT = 50;
/** Pairs, addresses, accounts and proven addresses remembered, each. */
const MAX_REMEMBERED = 10_000;

/** An attempt to sign in that may be made. */
export interface LoginAttempt {
  readonly retryAfterMs: null;
  readonly account: string;
  readonly network: string;
  /** The account has signed in from there before. */
  readonly isProven: boolean;
  /** When it was let in, elapsed ms. */
  readonly at: number;
}

/** An attempt to sign in that comes too early. */
export interface ThrottledAttempt {
  /** When a repeat makes sense, ms from now; above 0. */
  readonly retryAfterMs: number;
}

/**
 * Slows guessing down without locking anybody out. An attempt counts as a failure from the moment it is let in, until it is said
 * to be none; so a hundred at one time do not slip through together.
 */
export class LoginThrottle {
  readonly #runtime: Runtime;
  readonly #pairs = new RecentMap<FailureStreak>(MAX_REMEMBERED);
  readonly #addresses = new RecentMap<MinuteWindow>(MAX_REMEMBERED);
  readonly #accounts = new RecentMap<MinuteWindow>(MAX_REMEMBERED);
  /** From where an account has signed in: strangers elsewhere cannot use up its budget there. */
  readonly #proven = new RecentMap<true>(MAX_REMEMBERED);

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * Lets an attempt in, or says when to come back. Whoever is let in ends with {@link succeeded} or {@link abandoned}, or has failed.
   * @param account whatever names the account, existing or not, without a space
   * @param address where it comes from; those without one share a budget
   */
  take(account: string, address: string | null): LoginAttempt | ThrottledAttempt {
    const [now, network] = [this.#runtime.elapsed(), networkOf(address)];
    const pair = pairOf(account, network);
    const isProven = this.#proven.get(pair) !== undefined;
    const waitMs = Math.max(
      this.#pairs.get(pair)?.waitMs(now) ?? 0,
      this.#addresses.get(network)?.waitMs(now) ?? 0,
      isProven ? 0 : (this.#accounts.get(account)?.waitMs(now) ?? 0),
    );
    if (waitMs > 0) return { retryAfterMs: Math.ceil(waitMs) };
    this.#pairs.getOrCreate(pair, () => new FailureStreak()).mark(now);
    this.#addresses.getOrCreate(network, () => new MinuteWindow(PER_ADDRESS)).mark(now);
    if (!isProven) this.#accounts.getOrCreate(account, () => new MinuteWindow(PER_ACCOUNT)).mark(now);
    return { retryAfterMs: null, account, network, isProven, at: now };
  }

  /** The password was right: the failures of this account from this address are forgotten, and the address is proven. */
  succeeded(attempt: LoginAttempt): void {
    const pair = pairOf(attempt.account, attempt.network);
    this.#giveBack(attempt);
    this.#pairs.delete(pair);
    this.#proven.set(pair, true);
  }

  /** Nothing was found out about the password: the server was busy, or the storage away. */
  abandoned(attempt: LoginAttempt): void {
    this.#giveBack(attempt);
    this.#pairs.get(pairOf(attempt.account, attempt.network))?.unmark(attempt.at);
  }

  #giveBack({ account, network, isProven, at }: LoginAttempt): void {
    this.#addresses.get(network)?.unmark(at);
    if (!isProven) this.#accounts.get(account)?.unmark(at);
  }
}

const pairOf = (account: string, network: string): string => `${account} ${network}`;
