import type { Discovery } from "../../../adapters/contracts/discovery.js";
import type { NodeInfo } from "../../../adapters/contracts/nodes.js";
import type { ConformanceClock } from "../cluster/clock.js";
import type { Reachable } from "../cluster/reachable.js";

/** What a fixture can do to its registry; the cases that need it are registered for those that are listed. */
export type DiscoveryHarm = "cut" | "expire" | "flush" | "compact";

/** A registry of its own, and a way to make nodes of it. */
export interface DiscoveryFixture {
  /** Default: the system's time. */
  readonly clock?: ConformanceClock;
  /** A further node's discovery on this registry. With `cut` and `heal` where the harm `cut` is listed. */
  join(): Promise<Reachable<Discovery>>;
  /** `expire`: ends a registration at the registry, as a lost lease does. */
  expire?(node: NodeInfo): Promise<void>;
  /** `flush`: the registry forgets all registrations. */
  flush?(): Promise<void>;
  /** `compact`: the registry forgets the changes so far, though not what they led to, so that nobody can catch up on them one by one. */
  compact?(): Promise<void>;
  /** Gives back what the fixture itself holds. Called after every discovery was closed. */
  dispose(): Promise<void>;
}

/** Makes a new fixture for each case. */
export type DiscoveryFactory = () => Promise<DiscoveryFixture>;
