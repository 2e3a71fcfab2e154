import type { NodeId, NodeInfo } from "../../../adapters/contracts/nodes.js";
import { assertThat } from "../assert.js";
import { systemClock } from "../cluster/clock.js";
import { Patience } from "../cluster/patience.js";
import type { HarmCases } from "../cluster/register-cases.js";
import type { DiscoveryFactory, DiscoveryFixture, DiscoveryHarm } from "./discovery-fixture.js";
import { RecordedNode } from "./recorded-node.js";

/** A start, a leave or a close may take so long when the registry is out of reach, ms: 3 s, and what a busy machine adds. */
export const GIVES_UP_WITHIN_MS = 5_000;
/** Who ends without a goodbye is gone after so long, ms: 15 s, and what a busy machine adds. */
export const GONE_WITHIN_MS = 17_000;

/** One case's registry and its nodes. */
export class DiscoveryStage {
  readonly patience: Patience;
  readonly #fixture: DiscoveryFixture;
  readonly #nodes: RecordedNode[] = [];

  private constructor(fixture: DiscoveryFixture) {
    this.#fixture = fixture;
    this.patience = new Patience(fixture.clock ?? systemClock());
  }

  /** A node that is not started. */
  async newNode(
    id: NodeId = `node-${this.#nodes.length}`,
    address = `10.0.0.${this.#nodes.length}:9094`,
  ): Promise<RecordedNode> {
    const node = new RecordedNode(await this.#fixture.join(), id, address);
    this.#nodes.push(node);
    return node;
  }

  /** A node that is registered. */
  async node(id?: NodeId, address?: string): Promise<RecordedNode> {
    const node = await this.newNode(id, address);
    await this.start(node);
    await this.patience.until(`${node.id} is registered`, () => node.self !== null);
    return node;
  }

  async start(node: RecordedNode): Promise<void> {
    await this.patience.for("start", node.discovery.start(), GIVES_UP_WITHIN_MS);
  }

  async leave(node: RecordedNode): Promise<void> {
    await this.patience.for("leave", node.discovery.leave(), GIVES_UP_WITHIN_MS);
  }

  async close(node: RecordedNode): Promise<void> {
    await this.patience.for("close", node.close(), GIVES_UP_WITHIN_MS);
  }

  async expire(node: NodeInfo): Promise<void> {
    assertThat(this.#fixture.expire !== undefined, "a fixture that lists the harm `expire` can do it");
    await this.#fixture.expire(node);
  }

  async flush(): Promise<void> {
    assertThat(this.#fixture.flush !== undefined, "a fixture that lists the harm `flush` can do it");
    await this.#fixture.flush();
  }

  async compact(): Promise<void> {
    assertThat(this.#fixture.compact !== undefined, "a fixture that lists the harm `compact` can do it");
    await this.#fixture.compact();
  }

  /** Runs one case and checks what holds in every case. */
  static async use(create: DiscoveryFactory, body: (stage: DiscoveryStage) => Promise<void>): Promise<void> {
    const fixture = await create();
    const stage = new DiscoveryStage(fixture);
    try {
      await body(stage);
    } finally {
      await stage.patience.for("every close", Promise.all(stage.#nodes.map((node) => node.close())));
      await fixture.dispose();
    }
    for (const node of stage.#nodes) node.check();
  }
}

/** One topic's cases. */
export type DiscoveryCases = HarmCases<DiscoveryStage, DiscoveryHarm>;
