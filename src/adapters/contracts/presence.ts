/**
 * Who is connected where. What is said here is advice: with any content of it, wrong, stale or missing, messages are late, never lost.
 * `src/testing/conformance/presence.ts` proves an adapter.
 */

import type { Origin, UserId } from "../../core/model.js";
import type { Lifecycle } from "./lifecycle.js";
import type { Condition, NodeKey } from "./nodes.js";

/**
 * What happens when a user signs in on a second device: `multi` keeps all; `one-per-device-kind` replaces the one of
 * the same kind; `single` replaces every other; `reject-new` refuses the newcomer while another is connected.
 *
 * Under `reject-new`, what is left of a connection of the newcomer's own installation is no second device: the link broke
 * and only the client noticed, so the newcomer replaces it. For this an installation has to be connected once at a time: two
 * clients that share one store replace each other, and whoever is replaced stays away. A client of the original protocol
 * names no installation; under `reject-new` it waits until its old connection is closed, at the latest by its idle limit.
 */
export type DevicePolicy = "multi" | "one-per-device-kind" | "single" | "reject-new";

/** One session, and where it is. */
export interface Route {
  readonly userId: UserId;
  /** Where. It counts only while this registration lives. */
  readonly node: NodeKey;
  /** Which connection of the node; a later one has a higher number. Under another epoch it is still the same connection. */
  readonly connection: number;
  /** Which installation of the user. */
  readonly origin: Origin;
  /** Up to 64 characters. */
  readonly deviceKind: string;
}

/** Who asks to be connected, and what is known by then. */
export interface ClaimRequest {
  readonly route: Route;
  readonly policy: DevicePolicy;
  /**
   * Devices of a user; beyond it are displaced first those of the newcomer's own installation, then the oldest, as the book knows
   * them.
   */
  readonly maxDevices: number;
  /** The registrations that live. A route of another one is a ghost: it hinders nobody, and is removed. */
  readonly live: readonly NodeKey[];
}

/**
 * Whether a claim was granted, and whom it replaces: never a ghost, never the same connection. No session was entered or removed when
 * it was not. `decide-claim.ts` is the rule.
 */
export type Claim = { readonly granted: true; readonly displaced: readonly Route[] } | { readonly granted: false };

/** The book of sessions. What is `unavailable` is so within 1 s, so that nobody waits longer than a client would. */
export interface Presence extends Lifecycle {
  /** Before `start`: whom to tell of changes of the adapter's own condition. Once started it throws: what runs keeps its host. */
  bind(host: { onCondition(condition: Condition): void }): void;
  /** Resolves when it is connected, or after 3 s when it cannot be reached: then it goes on trying. */
  start(): Promise<void>;
  /**
   * Enters a session and removes those that it replaces, by the policy, in one step: of two that come at once, one comes second.
   * Whoever repeats it replaces nobody else by it.
   * Errors: `unavailable`; it may have been entered.
   */
  claim(request: ClaimRequest): Promise<Claim>;
  /**
   * Says that these sessions are still there, so that the book is right again after it was lost. Routes that nobody has renewed for a
   * minute are forgotten. Those of the same connection under another epoch are replaced. Any number at once; no policy is applied.
   * Errors: `unavailable`; some may have been renewed.
   */
  renew(routes: readonly Route[]): Promise<void>;
  /** Removes sessions that have ended: each only if user, node, epoch and connection are the same. Errors: `unavailable`. */
  release(routes: readonly Route[]): Promise<void>;
  /** The sessions of many users, ghosts included. Users without one are absent. Errors: `unavailable`. */
  locate(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Route[]>>;
}
