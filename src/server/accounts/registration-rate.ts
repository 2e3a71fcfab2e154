import type { Runtime } from "../../core/runtime.js";
import { MinuteWindow } from "./minute-window.js";
import { networkOf } from "./network-of.js";
import { RecentMap } from "./recent-map.js";

/** Accounts one address may ask for in a minute. */
const PER_ADDRESS = 10;
/** Addresses remembered; the oldest is forgotten first. */
const MAX_ADDRESSES = 10_000;

/** Keeps one address from asking for too many accounts, created or not. */
export class RegistrationRate {
  readonly #runtime: Runtime;
  readonly #addresses = new RecentMap<MinuteWindow>(MAX_ADDRESSES);

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Counts a registration and gives `null`; or says when a repeat makes sense, ms from now. */
  take(address: string | null): number | null {
    const now = this.#runtime.elapsed();
    const window = this.#addresses.getOrCreate(networkOf(address), () => new MinuteWindow(PER_ADDRESS));
    const waitMs = window.waitMs(now);
    if (waitMs > 0) return Math.ceil(waitMs);
    window.mark(now);
    return null;
  }
}
