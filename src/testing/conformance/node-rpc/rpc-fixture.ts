import type { NodeRpc } from "../../../adapters/contracts/node-rpc.js";
import type { UserId } from "../../../core/model.js";
import type { ConformanceClock } from "../cluster/clock.js";
import type { Reachable } from "../cluster/reachable.js";

/** What a fixture can do beyond making nodes; the cases that need it are registered for those that are listed. */
export type NodeRpcHarm = "cut" | "deliver";

/** Nodes that can speak to each other. */
export interface NodeRpcFixture {
  /** Default: the system's time. */
  readonly clock?: ConformanceClock;
  /**
   * A further node's rpc. With `cut` and `heal` where the harm `cut` is listed: then nobody reaches it, and nothing says so.
   * @param address where it is to listen: what another rpc of this fixture has, or had
   */
  join(address?: string): Promise<Reachable<NodeRpc>>;
  /** `deliver`: brings something for a user as a program of the original protocol does. Resolves with what the node's host answered. */
  deliver?(address: string, userId: UserId, output: Uint8Array): Promise<boolean>;
  /** Gives back what the fixture itself holds. Called after every rpc was closed. */
  dispose(): Promise<void>;
}

/** Makes a new fixture for each case. */
export type NodeRpcFactory = () => Promise<NodeRpcFixture>;
