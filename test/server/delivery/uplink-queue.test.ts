import { describe, expect, it } from "vitest";
import type { QueueRecord, Uplink } from "../../../src/adapters/contracts/index.js";
import { ImError } from "../../../src/core/errors.js";
import type { OutcomeNotice } from "../../../src/server/cluster/notices.js";
import { PendingOutcomes } from "../../../src/server/cluster/pending-outcomes.js";
import type { Decision } from "../../../src/server/delivery/commit-lane.js";
import { decodeQueuedUplink } from "../../../src/server/delivery/uplink-codec.js";
import { UplinkQueue } from "../../../src/server/delivery/uplink-queue.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";
import { watch } from "../fixture.js";
import { up } from "./commit-bench.js";

const ID = "00112233445566778899aabbccddeeff";
const REFUSED = { kind: "refused", code: "not_member" } as const;
const BUSY: Decision = { outcome: "busy" };
const decided: Decision = { syncEpoch: "e", outcome: REFUSED };

const idOf = (ending: string): string => ID.replace(/..$/, ending);

/** The way through a queue, with everything around it under control. */
class QueueBench {
  readonly time = new VirtualTime();
  readonly published: QueueRecord[] = [];
  readonly committed: string[] = [];
  readonly told: { readonly node: string; readonly notice: OutcomeNotice }[] = [];
  readonly outcomes = new PendingOutcomes();
  readonly way: UplinkQueue;
  isUp = true;
  /** What becomes of the next ones; then comes `decision`. */
  readonly decisions: Decision[] = [];
  publish: () => Promise<void> = async () => {};
  decision: Decision = decided;

  constructor(maxQueuedBytes = 67_108_864) {
    this.way = new UplinkQueue({
      id: "here",
      queue: { publish: (records) => this.publish().then(() => void this.published.push(...records)) },
      committer: { submit: (uplink) => this.#commit(uplink) },
      outcomes: this.outcomes,
      gate: { outcome: (node, notice) => void this.told.push({ node, notice }) },
      runtime: new VirtualRuntime(this.time),
      isUp: () => this.isUp,
      maxQueuedBytes,
    });
  }

  submit(messageId = ID) {
    return watch(this.way.submit(up(messageId)));
  }

  /** From "a" to `userId`, under an id that ends so. */
  submitIn(userId: string, ending: string) {
    return watch(this.way.submit({ ...up(idOf(ending)), target: { kind: "single", id: userId } }));
  }

  run(ms = 0): Promise<void> {
    return this.time.advance(ms);
  }

  async #commit({ messageId }: Uplink): Promise<Decision> {
    const decision = this.decisions.shift() ?? this.decision;
    if (decision.outcome !== "busy") this.committed.push(messageId);
    return decision;
  }
}

describe("an uplink on its way through a queue", () => {
  it("is published under its conversation, and its sender is told what the node that took it has decided", async () => {
    const bench = new QueueBench();
    const sent = bench.submit();
    await bench.run();
    expect(bench.published.map(({ key }) => key)).toEqual(["s a b"]);
    expect(decodeQueuedUplink(bench.published[0]?.value as Uint8Array)).toMatchObject({ origin: "here" });
    expect(sent.done).toBe(false);
    bench.outcomes.settle({ messageId: ID, ...decided });
    await bench.run();
    expect(sent.value).toEqual(decided);
    expect(bench.way.isIdle).toBe(true);
    await bench.run(5_000);
    expect(bench.committed).toEqual([]);
  });

  it("K3: is committed here after a second without an outcome", async () => {
    const bench = new QueueBench();
    const sent = bench.submit();
    await bench.run(999);
    expect(bench.committed).toEqual([]);
    await bench.run(1);
    expect(sent.value).toEqual(decided);
    expect(bench.committed).toEqual([ID]);
    // The outcome of the queued copy comes too late for anybody.
    bench.outcomes.settle({ messageId: ID, ...decided });
    expect(bench.way.isIdle).toBe(true);
  });

  it("K6: is committed here at once when the queue cannot be reached", async () => {
    const bench = new QueueBench();
    bench.publish = () => Promise.reject(new ImError("unavailable"));
    expect(bench.submit()).toMatchObject({ done: false });
    await bench.run();
    expect(bench.committed).toEqual([ID]);
    bench.isUp = false;
    bench.submit();
    expect(bench.committed).toEqual([ID, ID]);
  });

  it("has every one who waits for it told, once each, when it was repeated", async () => {
    const bench = new QueueBench();
    const [first, again] = [bench.submit(), bench.submit()];
    await bench.run();
    bench.outcomes.settle({ messageId: ID, ...decided });
    await bench.run();
    expect([first.value, again.value]).toEqual([decided, decided]);
  });

  it("I8: takes along what still waits of its conversation when it is committed here", async () => {
    const bench = new QueueBench();
    bench.submitIn("c", "01");
    await bench.run(600);
    bench.submitIn("c", "02");
    bench.submitIn("d", "03");
    await bench.run(400);
    expect(bench.committed.map((id) => id.slice(-2))).toEqual(["01", "02"]);
  });

  it("I8: is committed after what still waits of its conversation when the queue has gone away meanwhile", async () => {
    const bench = new QueueBench();
    bench.submitIn("c", "01");
    await bench.run(100);
    bench.isUp = false;
    bench.submitIn("c", "02");
    expect(bench.committed.map((id) => id.slice(-2))).toEqual(["01", "02"]);
  });

  it("I8: takes along what was published before it when it could not be published itself", async () => {
    const bench = new QueueBench();
    bench.submitIn("c", "01");
    await bench.run(100);
    bench.publish = () => Promise.reject(new ImError("unavailable"));
    bench.submitIn("c", "02");
    await bench.run();
    expect(bench.committed.map((id) => id.slice(-2))).toEqual(["01", "02"]);
  });

  it("passes by the queue for 5 s when the last one of its conversation was late, and no other does", async () => {
    const bench = new QueueBench();
    bench.submitIn("c", "01");
    await bench.run(1_000);
    bench.submitIn("c", "02");
    bench.submitIn("d", "03");
    await bench.run();
    expect(bench.committed.map((id) => id.slice(-2))).toEqual(["01", "02"]);
    expect(bench.published.map(({ key }) => key)).toEqual(["s a c", "s a d"]);
    await bench.run(5_000);
    bench.submitIn("c", "04");
    await bench.run();
    expect(bench.published.map(({ key }) => key)).toEqual(["s a c", "s a d", "s a c"]);
  });

  it("I15: passes by a queue that has brought nothing of eight conversations, and tries it again", async () => {
    const bench = new QueueBench();
    for (let n = 0; n < 8; n++) bench.submitIn(`user-${n}`, `0${n}`);
    await bench.run(1_000);
    const before = bench.published.length;
    bench.submitIn("somebody", "0a");
    await bench.run();
    expect(bench.published).toHaveLength(before);
    await bench.run(5_000);
    bench.submitIn("somebody", "0b");
    await bench.run();
    expect(bench.published).toHaveLength(before + 1);
  });

  it("does not pass it by as a whole while it brings others", async () => {
    const bench = new QueueBench();
    for (let n = 0; n < 8; n++) {
      bench.submitIn(`user-${n}`, `0${n}`);
      bench.submitIn("served", `1${n}`);
      await bench.run(10);
      bench.outcomes.settle({ messageId: idOf(`1${n}`), ...decided });
      await bench.run(990);
    }
    const before = bench.published.length;
    bench.submitIn("somebody", "20");
    await bench.run();
    expect(bench.published).toHaveLength(before + 1);
  });

  it("I15: goes to the committer, which may answer busy, when more than may waits for the queue", async () => {
    const bench = new QueueBench(1_000);
    bench.decision = BUSY;
    const sent = ["c", "d", "e"].map((userId, n) => bench.submitIn(userId, `0${n}`));
    await bench.run();
    expect(bench.published.map(({ key }) => key)).toEqual(["s a c", "s a d"]);
    expect(sent.map(({ value }) => value)).toEqual([undefined, undefined, BUSY]);
  });

  it("I15: finds room again as soon as what waits has its outcome or is committed here", async () => {
    const bench = new QueueBench(500);
    bench.submitIn("c", "01");
    await bench.run();
    bench.outcomes.settle({ messageId: idOf("01"), ...decided });
    bench.submitIn("d", "02");
    await bench.run(1_000);
    bench.submitIn("e", "03");
    await bench.run();
    expect(bench.published.map(({ key }) => key)).toEqual(["s a c", "s a d", "s a e"]);
  });

  it("I15: counts what it waits with while a publication is stuck", async () => {
    const bench = new QueueBench(3_000);
    bench.publish = () => new Promise(() => {});
    for (let n = 10; n < 40; n++) bench.submitIn(`user-${n}`, `${n}`);
    await bench.run();
    expect(bench.committed).toHaveLength(24);
  });

  it("I8, I15: takes along what waits of its conversation when there is no room, and passes the queue by for 5 s", async () => {
    const bench = new QueueBench(500);
    for (const ending of ["01", "02"]) bench.submitIn("c", ending);
    await bench.run();
    bench.submitIn("c", "03");
    expect(bench.committed.map((id) => id.slice(-2))).toEqual(["01", "02", "03"]);
    await bench.run(5_000);
    bench.submitIn("c", "04");
    await bench.run();
    expect(bench.published).toHaveLength(1);
  });

  it("is not published any more when it was committed while a publication was stuck", async () => {
    const bench = new QueueBench();
    let letGo = (): void => {};
    bench.publish = () => new Promise((resolve) => (letGo = resolve));
    bench.submit(ID);
    await bench.run();
    bench.submit(ID.replace("00", "ff"));
    await bench.run(1_000);
    bench.publish = async () => {};
    letGo();
    await bench.run();
    expect(bench.published).toHaveLength(1);
  });
});

/** Records as another node has published them. */
async function recordsFrom(bench: QueueBench): Promise<QueueRecord[]> {
  bench.submit();
  await bench.run();
  return bench.published.splice(0);
}

describe("a record that comes from a queue", () => {
  it("is committed, and the node that accepted it is told, be it another one or this one", async () => {
    const [origin, taker] = [new QueueBench(), new QueueBench()];
    const sent = origin.submit();
    await origin.run();
    const [record] = origin.published as [QueueRecord];
    const foreign = { ...record, value: Uint8Array.from(record.value, (byte) => (byte === 0x68 ? 0x74 : byte)) };
    expect(await taker.way.take([foreign])).toEqual({ dead: [] });
    expect(taker.told).toEqual([{ node: "tere", notice: { messageId: ID, ...decided } }]);
    await origin.way.take([record]);
    await origin.run();
    expect(sent.value).toEqual(decided);
    expect(origin.told).toEqual([]);
  });

  it("K1: counts as taken only when it was decided: while the storage is away all come again", async () => {
    const bench = new QueueBench();
    const records = await recordsFrom(bench);
    bench.decision = { outcome: "busy" };
    await expect(bench.way.take(records)).rejects.toThrow("cannot decide");
  });

  it("K1: that finds no room for a while comes again, and the stretch it came with counts as taken when all are decided", async () => {
    const bench = new QueueBench();
    for (const ending of ["01", "02", "03"]) bench.submitIn(`user-${ending}`, ending);
    await bench.run();
    const records = bench.published.splice(0);
    bench.decisions.push(decided, BUSY, BUSY, decided, BUSY);
    expect(await bench.way.take(records)).toEqual({ dead: [] });
    expect(bench.committed.map((id) => id.slice(-2))).toEqual(["01", "02", "03"]);
  });

  it("K2, K8: and is none is named by its place, and keeps no other from being committed", async () => {
    const bench = new QueueBench();
    const [record] = (await recordsFrom(bench)) as [QueueRecord];
    const noise = { key: "k", value: new Uint8Array([255]) };
    expect(await bench.way.take([noise, record, noise])).toEqual({ dead: [0, 2] });
    expect(bench.committed).toEqual([ID]);
  });
});
