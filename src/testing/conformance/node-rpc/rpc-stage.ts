import type { NodeInfo } from "../../../adapters/contracts/nodes.js";
import type { ErrorCode } from "../../../core/errors.js";
import type { UserId } from "../../../core/model.js";
import { assertEqual, assertThat } from "../assert.js";
import { systemClock } from "../cluster/clock.js";
import { Patience } from "../cluster/patience.js";
import type { HarmCases } from "../cluster/register-cases.js";
import { RecordedPeer } from "./recorded-peer.js";
import type { NodeRpcFactory, NodeRpcFixture, NodeRpcHarm } from "./rpc-fixture.js";

/** What is unavailable is so after so long, ms: 1 s, and what a busy machine adds. */
const FAILS_WITHIN_MS = 3_000;

/** One case's nodes. */
export class NodeRpcStage {
  readonly patience: Patience;
  readonly #fixture: NodeRpcFixture;
  readonly #peers: RecordedPeer[] = [];

  private constructor(fixture: NodeRpcFixture) {
    this.#fixture = fixture;
    this.patience = new Patience(fixture.clock ?? systemClock());
  }

  /** A node that is not started. */
  async newPeer(address?: string): Promise<RecordedPeer> {
    const peer = new RecordedPeer(await this.#fixture.join(address), `peer-${this.#peers.length}`);
    this.#peers.push(peer);
    return peer;
  }

  async peer(address?: string): Promise<RecordedPeer> {
    const peer = await this.newPeer(address);
    await this.start(peer);
    return peer;
  }

  async start(peer: RecordedPeer): Promise<void> {
    await this.patience.for("start", peer.rpc.start());
  }

  async close(peer: RecordedPeer): Promise<void> {
    await this.patience.for("close", peer.close(), 5_000);
  }

  async send(from: RecordedPeer, to: NodeInfo, bytes: Uint8Array): Promise<void> {
    await this.patience.for("send", from.rpc.send(to, bytes));
  }

  /** A send that must fail in time. */
  async sendFails(from: RecordedPeer, to: NodeInfo, code: ErrorCode = "unavailable"): Promise<void> {
    await this.patience.rejects("send", () => from.rpc.send(to, Uint8Array.of(1)), code, FAILS_WITHIN_MS);
  }

  /** Sends until one arrives: for after a trouble, when a line may take a while to be found good again. */
  async sendUntilTaken(from: RecordedPeer, to: NodeInfo, bytes: Uint8Array): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      const isTaken = await this.patience.for("send", from.rpc.send(to, bytes)).then(
        () => true,
        () => false,
      );
      if (isTaken) return;
    }
    assertThat(false, "one of twenty sends arrives");
  }

  async deliver(address: string, userId: UserId, output: Uint8Array): Promise<boolean> {
    assertThat(this.#fixture.deliver !== undefined, "a fixture that lists `deliver` can do it");
    return this.patience.for("deliver", this.#fixture.deliver(address, userId, output));
  }

  /** Runs one case and checks what holds in every case. */
  static async use(create: NodeRpcFactory, body: (stage: NodeRpcStage) => Promise<void>): Promise<void> {
    const fixture = await create();
    const stage = new NodeRpcStage(fixture);
    try {
      await body(stage);
    } finally {
      await stage.patience.for("every close", Promise.all(stage.#peers.map((peer) => peer.close())));
      await fixture.dispose();
    }
    for (const { late } of stage.#peers) assertEqual(late, [], "calls after close");
  }
}

/** One topic's cases. */
export type NodeRpcCases = HarmCases<NodeRpcStage, NodeRpcHarm>;
