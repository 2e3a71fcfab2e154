import { describe, expect, it } from "vitest";
import type { NodeInfo, NodeRpc } from "../../../src/adapters/contracts/index.js";
import { ImError } from "../../../src/core/errors.js";
import { Membership } from "../../../src/server/cluster/membership.js";
import { decodeNotices } from "../../../src/server/cluster/notice-codec.js";
import type { NoticeBatch } from "../../../src/server/cluster/notices.js";
import { Peers } from "../../../src/server/cluster/peers.js";
import type { LogFields } from "../../../src/server/logger.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

const quiet = () => {};
const HERE: NodeInfo = { id: "here", epoch: "1", address: "a:1" };
const THERE: NodeInfo = { id: "there", epoch: "1", address: "b:1" };
const MIB = 1024 * 1024;
const longId = (n: number): string => `user-${n}`.padEnd(64, "x");
const userOf = ({ userId }: { readonly userId: string }): string => userId;

/** One node that tells another, over a line that the test decides about. */
class PeersBench {
  readonly time = new VirtualTime();
  readonly sizes: number[] = [];
  readonly arrived: NoticeBatch[] = [];
  readonly logged: LogFields[] = [];
  readonly peers: Peers;
  /** What a batch is rejected with; `null` for none. */
  refuse: (batch: NoticeBatch, bytes: number) => unknown = () => null;

  constructor() {
    const membership = new Membership("here");
    membership.update({ self: HERE, nodes: [HERE, THERE] });
    const rpc = { send: (_: NodeInfo, bytes: Uint8Array) => this.#carry(bytes), forget: quiet };
    const warn = (fields: LogFields) => void this.logged.push(fields);
    const logger = { debug: quiet, info: quiet, warn, error: quiet };
    this.peers = new Peers(rpc as unknown as NodeRpc, membership, new VirtualRuntime(this.time), logger);
  }

  /** Orders to end a session of each. */
  kick(...userIds: readonly string[]): void {
    for (const userId of userIds)
      this.peers.kick("there", { userId, connection: 1, code: 4409, text: "", olderThanMs: 0 });
  }

  news(userId: string, seq: number): void {
    this.peers.news("there", "e", userId, seq);
  }

  run(ms = 0): Promise<void> {
    return this.time.advance(ms);
  }

  /** Whom everything of one kind that has arrived is about. */
  told(kind: "news" | "kicks"): string[] {
    return this.arrived.flatMap((batch) => batch[kind].map(userOf));
  }

  async #carry(bytes: Uint8Array): Promise<void> {
    this.sizes.push(bytes.length);
    const batch = decodeNotices(bytes);
    const refusal = this.refuse(batch, bytes.length);
    if (refusal !== null) throw refusal;
    this.arrived.push(batch);
  }
}

const kicksEve = ({ kicks }: NoticeBatch): unknown =>
  kicks.map(userOf).includes("eve") ? new ImError("operation_failed") : null;

describe("what a node tells another", () => {
  it("I15: goes in batches of 1 MiB at most, orders and outcomes in the first", async () => {
    const bench = new PeersBench();
    for (let n = 0; n < 20_000; n++) bench.news(longId(n), 1);
    bench.kick("ann");
    bench.peers.outcome("there", { messageId: "ab".repeat(16), syncEpoch: "e", outcome: { kind: "stale" } });
    await bench.run();
    expect(Math.max(...bench.sizes)).toBeLessThanOrEqual(MIB);
    expect(bench.sizes.length).toBeLessThan(10);
    expect(bench.told("news")).toHaveLength(20_000);
    expect(bench.arrived[0]).toMatchObject({ kicks: [{ userId: "ann" }], outcomes: [{ outcome: { kind: "stale" } }] });
    expect(bench.peers.isIdle).toBe(true);
  });

  it("P9: is halved as long as it does not arrive, so that a slow line takes it at last, and grows again", async () => {
    const bench = new PeersBench();
    bench.refuse = (_, bytes) => (bytes > 100_000 ? new ImError("unavailable") : null);
    for (let n = 0; n < 20_000; n++) bench.news(longId(n), 1);
    await bench.run(20_000);
    expect(new Set(bench.told("news")).size).toBe(20_000);
    bench.refuse = () => null;
    bench.sizes.length = 0;
    for (let n = 0; n < 20_000; n++) bench.news(longId(n), 2);
    await bench.run();
    expect(Math.max(...bench.sizes)).toBeGreaterThan(MIB / 4);
  });

  it("is repeated until it has arrived, with the latest news", async () => {
    const bench = new PeersBench();
    bench.refuse = () => new ImError("unavailable");
    bench.news("ann", 1);
    bench.kick("bob");
    await bench.run(5_000);
    bench.news("ann", 2);
    bench.refuse = () => null;
    await bench.run(200);
    expect(bench.arrived).toMatchObject([{ news: [{ userId: "ann", seq: 2 }], kicks: [{ userId: "bob" }] }]);
    expect(bench.logged).toEqual([]);
  });

  it("and what the other throws at is left out and logged; no news and no other order is lost with it", async () => {
    const bench = new PeersBench();
    bench.refuse = kicksEve;
    for (const userId of ["ann", "bob"]) bench.news(userId, 7);
    bench.kick("ann", "eve", "bob");
    await bench.run();
    expect(bench.told("news").sort()).toEqual(["ann", "bob"]);
    expect(bench.told("kicks").sort()).toEqual(["ann", "bob"]);
    expect(bench.logged).toMatchObject([{ peer: "there", notices: 1 }]);
    expect(bench.peers.isIdle).toBe(true);
  });

  it("is not repeated for ever when it is news that the other throws at", async () => {
    const bench = new PeersBench();
    bench.refuse = ({ news }) => (news.map(userOf).includes("eve") ? new ImError("operation_failed") : null);
    for (const userId of ["ann", "eve", "bob"]) bench.news(userId, 7);
    await bench.run();
    expect(bench.told("news").sort()).toEqual(["ann", "bob"]);
    expect(bench.peers.isIdle).toBe(true);
  });

  it("I15: is logged once a minute at most when it is left out, with how many there were", async () => {
    const bench = new PeersBench();
    bench.refuse = kicksEve;
    for (let n = 0; n < 10; n++) {
      bench.kick("eve");
      await bench.run(100);
    }
    await bench.run(60_000);
    bench.kick("eve");
    await bench.run();
    expect(bench.logged.map(({ notices }) => notices)).toEqual([1, 10]);
  });

  it("is logged when more waits for one that does not listen than may", async () => {
    const bench = new PeersBench();
    bench.refuse = () => new ImError("unavailable");
    for (let n = 0; n < 20_001; n++) bench.news(longId(n), 1);
    await bench.run();
    expect(bench.logged).toMatchObject([{ peer: "there", notices: 1, reason: expect.stringContaining("more") }]);
  });

  it("of a user to ask about again goes to all", async () => {
    const bench = new PeersBench();
    bench.peers.recheck("ann");
    await bench.run();
    expect(bench.arrived).toMatchObject([{ rechecks: ["ann"] }]);
  });
});
