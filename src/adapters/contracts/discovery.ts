/**
 * Which nodes there are. What is said here is advice: a node that is missing or listed too long costs time, never a message.
 * `src/testing/conformance/discovery.ts` proves an adapter.
 */

import type { Lifecycle } from "./lifecycle.js";
import type { Condition, NodeId, NodeInfo } from "./nodes.js";

/** What a node knows of its cluster. */
export interface ClusterView {
  /**
   * Its own registration, which is then among `nodes`; `null` while it has none, so that nobody can count on what it says about
   * itself. A node that cannot reach the registry knows by itself when its registration must have ended there.
   */
  readonly self: NodeInfo | null;
  /**
   * Every registered node, as last heard, this one included; two may have the same address. While the registry cannot be reached
   * they stay as they are; once it can, what was missed meanwhile is told at once.
   */
  readonly nodes: readonly NodeInfo[];
}

/** What a discovery needs from the server. */
export interface DiscoveryHost {
  readonly id: NodeId;
  /** Where its peers reach it. */
  readonly address: string;
  /** Told of every change, from `start` until `close`. */
  onView(view: ClusterView): void;
  /** Told of every change of the adapter's own condition. */
  onCondition(condition: Condition): void;
}

/** Where nodes are registered and found. */
export interface Discovery extends Lifecycle {
  /** Before `start`: who this node is and whom to tell. Once started it throws: what runs keeps its host. */
  bind(host: DiscoveryHost): void;
  /**
   * Registers this node and begins to watch. Resolves when both are done, or after 3 s when the registry cannot be reached:
   * then it goes on trying, as it does whenever a registration is lost: every registration is under another epoch. A node that ends
   * without `close` is gone within 15 s from every view whose node can reach the registry.
   * Errors: `operation_failed` for what no waiting changes.
   */
  start(): Promise<void>;
  /**
   * Takes the registration back, as the first step of a goodbye; views still come, and it is not registered again. `close` does it,
   * too. Resolves within 3 s whether the registry heard it or not. Never rejects.
   */
  leave(): Promise<void>;
}
