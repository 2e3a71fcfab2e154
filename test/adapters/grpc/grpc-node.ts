import type { NodeRpcHost } from "../../../src/adapters/contracts/node-rpc.js";
import type { Condition, NodeInfo } from "../../../src/adapters/contracts/nodes.js";
import { type GrpcRpc, type GrpcRpcOptions, grpcRpc } from "../../../src/adapters/grpc/index.js";

/** A node with nothing but its line to others. */
export class GrpcNode implements NodeRpcHost {
  readonly rpc: GrpcRpc;
  readonly id: string;
  readonly batches: Uint8Array[] = [];
  readonly delivered: string[] = [];
  readonly conditions: Condition[] = [];
  isConnected: (userId: string) => boolean = () => true;

  private constructor(id: string, options: GrpcRpcOptions) {
    this.id = id;
    this.rpc = grpcRpc(options);
    this.rpc.bind(this);
  }

  static async start(id: string, options: GrpcRpcOptions = { plaintext: true }): Promise<GrpcNode> {
    const node = new GrpcNode(id, options);
    await node.rpc.start();
    return node;
  }

  get info(): NodeInfo {
    return { id: this.id, epoch: "epoch", address: this.rpc.address };
  }

  receive(bytes: Uint8Array): void {
    this.batches.push(bytes.slice());
  }

  deliver(userId: string): boolean {
    this.delivered.push(userId);
    return this.isConnected(userId);
  }

  onCondition(condition: Condition): void {
    this.conditions.push(condition);
  }

  /** What becomes of a batch: `taken`, or the error's code. */
  send(to: NodeInfo, bytes: Uint8Array = Uint8Array.of(1)): Promise<string> {
    return this.rpc.send(to, bytes).then(
      () => "taken",
      (error) => error.code,
    );
  }
}
