import type { NodeId, NodeInfo } from "../contracts/nodes.js";
import type { NodeRecord } from "./node-record.js";

/** Who is registered, as last heard. */
export class KnownNodes {
  #nodes: ReadonlyMap<NodeId, NodeInfo> = new Map();

  /** Everybody, as etcd has just listed them. */
  replace(records: readonly NodeRecord[]): void {
    this.#nodes = new Map(records.flatMap(({ id, node }) => (node === null ? [] : [[id, node] as const])));
  }

  /** One that came, went or changed. */
  change({ id, node }: NodeRecord): void {
    const nodes = new Map(this.#nodes);
    if (node === null) nodes.delete(id);
    else nodes.set(id, node);
    this.#nodes = nodes;
  }

  /** In the order of their ids; `self` takes the place of what was heard of it. */
  list(self: NodeInfo | null): readonly NodeInfo[] {
    const nodes = self === null ? this.#nodes : new Map(this.#nodes).set(self.id, self);
    return [...nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
