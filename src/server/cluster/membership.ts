import type { ClusterView, NodeId, NodeInfo, NodeKey } from "../../adapters/contracts/index.js";

/** Who is in the cluster just now, as far as it is known here. */
export class Membership {
  #self: NodeInfo | null = null;
  #nodes = new Map<NodeId, NodeInfo>();

  /** This node's registration; `null` while it has none. */
  get self(): NodeInfo | null {
    return this.#self;
  }

  /** The registrations that live, this node's included. */
  get live(): readonly NodeKey[] {
    return [...this.#nodes.values()].map(({ id, epoch }) => ({ id, epoch }));
  }

  /** Everybody else. */
  get peers(): readonly NodeInfo[] {
    return [...this.#nodes.values()].filter(({ id }) => id !== this.#self?.id);
  }

  /** What is known now takes the place of what was known. */
  update({ self, nodes }: ClusterView): void {
    this.#self = self;
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    if (self !== null) this.#nodes.set(self.id, self);
  }

  /** Whether a registration lives. */
  has({ id, epoch }: NodeKey): boolean {
    return this.#nodes.get(id)?.epoch === epoch;
  }

  /** A node that is not this one; `undefined` when it is not there. */
  peer(id: NodeId): NodeInfo | undefined {
    return id === this.#self?.id ? undefined : this.#nodes.get(id);
  }
}
