import type { ClusterView, NodeId, NodeInfo, NodeKey } from "../../adapters/contracts/index.js";

/** Who is in the cluster just now, as far as it is known here. */
export class Membership {
  /** This node's, whether it is registered or not. */
  readonly id: NodeId;
  #self: NodeInfo | null = null;
  #nodes = new Map<NodeId, NodeInfo>();

  constructor(id: NodeId) {
    this.id = id;
  }

  /** This node's registration; `null` while it has none. */
  get self(): NodeInfo | null {
    return this.#self;
  }

  /** The registrations that live, this node's included where it has one. */
  get live(): readonly NodeKey[] {
    return [...this.#nodes.values()].map(({ id, epoch }) => ({ id, epoch }));
  }

  /** Everybody else. */
  get peers(): readonly NodeInfo[] {
    return [...this.#nodes.values()].filter(({ id }) => id !== this.id);
  }

  /** What is known now takes the place of what was known. */
  update({ self, nodes }: ClusterView): void {
    this.#self = self;
    // The registry may still list a registration of this node that has ended: the node itself knows first.
    const others = nodes.filter(({ id }) => id !== this.id);
    this.#nodes = new Map((self === null ? others : [...others, self]).map((node) => [node.id, node]));
  }

  /** Whether a registration lives. */
  has({ id, epoch }: NodeKey): boolean {
    return this.#nodes.get(id)?.epoch === epoch;
  }

  /** A node that is not this one; `undefined` when it is not there. */
  peer(id: NodeId): NodeInfo | undefined {
    return id === this.id ? undefined : this.#nodes.get(id);
  }
}
