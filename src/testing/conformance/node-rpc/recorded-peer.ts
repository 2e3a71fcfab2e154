import type { NodeRpc, NodeRpcHost } from "../../../adapters/contracts/node-rpc.js";
import type { Condition, NodeInfo } from "../../../adapters/contracts/nodes.js";
import type { UserId } from "../../../core/model.js";
import { cutOff, healed, type Reachable } from "../cluster/reachable.js";

/** A node that writes down every batch it is brought. */
export class RecordedPeer implements NodeRpcHost {
  readonly id: string;
  readonly rpc: NodeRpc;
  /** Copies. */
  readonly batches: Uint8Array[] = [];
  readonly delivered: { readonly userId: UserId; readonly output: Uint8Array }[] = [];
  readonly conditions: Condition[] = [];
  /** What was told after `close` had resolved: nothing. */
  readonly late: string[] = [];
  /** Runs inside `receive`, after the batch was written down, and inside `deliver` with what it answers. */
  whenReceived: (bytes: Uint8Array) => void = () => undefined;
  isConnected: (userId: UserId) => boolean = () => true;
  readonly #node: Reachable<NodeRpc>;
  #isClosed = false;

  constructor(node: Reachable<NodeRpc>, id: string) {
    this.#node = node;
    this.id = id;
    this.rpc = node.adapter;
    this.rpc.bind(this);
  }

  /** As the others know it. */
  get info(): NodeInfo {
    return { id: this.id, epoch: "epoch", address: this.rpc.address };
  }

  receive(bytes: Uint8Array): void {
    this.#note("receive");
    this.batches.push(bytes.slice());
    this.whenReceived(bytes);
  }

  deliver(userId: UserId, output: Uint8Array): boolean {
    this.#note("deliver");
    this.delivered.push({ userId, output: output.slice() });
    return this.isConnected(userId);
  }

  onCondition(condition: Condition): void {
    this.#note("onCondition");
    this.conditions.push(condition);
  }

  cut(): Promise<void> {
    return cutOff(this.#node);
  }

  heal(): Promise<void> {
    return healed(this.#node);
  }

  async close(): Promise<void> {
    await this.rpc.close();
    this.#isClosed = true;
  }

  #note(call: string): void {
    if (this.#isClosed) this.late.push(call);
  }
}
