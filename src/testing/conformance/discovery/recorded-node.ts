import type { ClusterView, Discovery, DiscoveryHost } from "../../../adapters/contracts/discovery.js";
import type { Condition, NodeId, NodeInfo } from "../../../adapters/contracts/nodes.js";
import { assertEqual, assertThat, present } from "../assert.js";
import { cutOff, healed, type Reachable } from "../cluster/reachable.js";

/** A node that writes down everything its discovery tells. */
export class RecordedNode implements DiscoveryHost {
  readonly id: NodeId;
  readonly address: string;
  readonly discovery: Discovery;
  readonly views: ClusterView[] = [];
  readonly conditions: Condition[] = [];
  /** What was told after `close` had resolved: nothing. */
  readonly late: string[] = [];
  readonly #node: Reachable<Discovery>;
  #isClosed = false;

  constructor(node: Reachable<Discovery>, id: NodeId, address: string) {
    this.#node = node;
    this.discovery = node.adapter;
    this.id = id;
    this.address = address;
    this.discovery.bind(this);
  }

  onView(view: ClusterView): void {
    if (this.#isClosed) this.late.push("onView");
    this.views.push(view);
  }

  onCondition(condition: Condition): void {
    if (this.#isClosed) this.late.push("onCondition");
    this.conditions.push(condition);
  }

  get self(): NodeInfo | null {
    return this.views.at(-1)?.self ?? null;
  }

  get nodes(): readonly NodeInfo[] {
    return this.views.at(-1)?.nodes ?? [];
  }

  get state(): Condition["state"] | undefined {
    return this.conditions.at(-1)?.state;
  }

  /** The epoch under which it is registered now. */
  get epoch(): string {
    return present(this.self, `a registration of ${this.id}`).epoch;
  }

  /** The registration of `other`, as this node knows it. */
  knows(other: { readonly id: NodeId }): NodeInfo | undefined {
    return this.nodes.find(({ id }) => id === other.id);
  }

  /** Whether it knows exactly these nodes. */
  knowsOnly(others: readonly { readonly id: NodeId }[]): boolean {
    return this.nodes.length === others.length && others.every((other) => this.knows(other) !== undefined);
  }

  cut(): Promise<void> {
    return cutOff(this.#node);
  }

  heal(): Promise<void> {
    return healed(this.#node);
  }

  async close(): Promise<void> {
    await this.discovery.close();
    this.#isClosed = true;
  }

  /** What holds in every view there ever was. */
  check(): void {
    assertEqual(this.late, [], "calls after close");
    for (const { self, nodes } of this.views) {
      assertEqual(
        new Set(nodes.map(({ id }) => id)).size,
        nodes.length,
        "how many different ids the nodes of a view have",
      );
      if (self === null) continue;
      assertThat(
        nodes.some(({ id, epoch }) => id === self.id && epoch === self.epoch),
        "a registered node is in its own view",
      );
    }
  }
}
