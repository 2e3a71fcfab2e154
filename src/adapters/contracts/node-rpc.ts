/**
 * How nodes talk. Batches of bytes, in order, at most once: what is lost here is repaired from the storage.
 * `src/testing/conformance/node-rpc.ts` proves an adapter.
 */

import type { UserId } from "../../core/model.js";
import type { Lifecycle } from "./lifecycle.js";
import type { Condition, NodeId, NodeInfo } from "./nodes.js";

/** What an rpc needs from the server. */
export interface NodeRpcHost {
  readonly id: NodeId;
  /** A peer's batch has arrived. It is answered when this returns; a throw is answered as a failure. `bytes` may be a view: copy what is kept. */
  receive(bytes: Uint8Array): void;
  /**
   * Somebody who speaks the original protocol has something for a user: an encoded `Output`. Returns whether the user is
   * connected here.
   */
  deliver(userId: UserId, output: Uint8Array): boolean;
  onCondition(condition: Condition): void;
}

/** The line between nodes. */
export interface NodeRpc extends Lifecycle {
  /** Before `start`. Once started it throws: what runs keeps its host. */
  bind(host: NodeRpcHost): void;
  /** Listens. Errors: `operation_failed` when the address cannot be had; then it may be started again. */
  start(): Promise<void>;
  /** Where peers reach this node; known after `start`, `""` before. */
  readonly address: string;
  /**
   * Brings a batch of up to 4 MiB to a peer, and to no other node that has its address by now. One batch per peer at a time: the
   * caller collects meanwhile. Resolves when the peer has it; `bytes` must not change before.
   * Errors: `unavailable`, within 1 s: it may have arrived or not. `operation_failed`: the peer threw at it.
   */
  send(peer: NodeInfo, bytes: Uint8Array): Promise<void>;
  /** A peer is no longer there: gives its connection back. Harmless for one that was never spoken to, or is spoken to again. */
  forget(peer: NodeId): void;
}
