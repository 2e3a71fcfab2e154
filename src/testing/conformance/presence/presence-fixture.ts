import type { Presence } from "../../../adapters/contracts/presence.js";
import type { ConformanceClock } from "../cluster/clock.js";
import type { Reachable } from "../cluster/reachable.js";

/** What a fixture can do to its book of sessions; the cases that need it are registered for those that are listed. */
export type PresenceHarm = "cut" | "flush" | "expiry";

/** A book of sessions of its own, and a way to make nodes that write in it. */
export interface PresenceFixture {
  /** Default: the system's time. */
  readonly clock?: ConformanceClock;
  /** A further node's presence on this book. With `cut` and `heal` where the harm `cut` is listed. */
  join(): Promise<Reachable<Presence>>;
  /** `flush`: the book forgets everything. */
  flush?(): Promise<void>;
  /**
   * `expiry`: how long a route lives here without being renewed, ms, where it can be waited for: a minute on a virtual clock, or
   * what an option of the adapter says.
   */
  readonly routeLifeMs?: number;
  /** Gives back what the fixture itself holds. Called after every presence was closed. */
  dispose(): Promise<void>;
}

/** Makes a new fixture for each case. */
export type PresenceFactory = () => Promise<PresenceFixture>;
