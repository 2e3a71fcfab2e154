import { describe, expect, it } from "vitest";
import type { MessageStore } from "../../../src/adapters/contracts/index.js";
import { ConnectionTable } from "../../../src/server/connections/table.js";
import { HeadReader } from "../../../src/server/delivery/head-reader.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";
import { bareConnection, sessionOf } from "../connections/bare-connection.js";
import { openStage } from "../fixture.js";
import { away } from "../storage-switch.js";

const INTERVAL_MS = 25_000;

/** A head reader whose store writes down who is asked for, and when. */
function open() {
  const time = new VirtualTime();
  const table = new ConnectionTable("multi", 50);
  const asked: { at: number; userIds: readonly string[] }[] = [];
  const failing = { left: 0 };
  const readHeads = async (userIds: readonly string[]) => {
    asked.push({ at: time.elapsed, userIds });
    if (failing.left-- > 0) throw new Error("away");
    return { syncEpoch: "e", heads: new Map() };
  };
  const never = () => Promise.reject(new Error("only heads are read here"));
  const store: MessageStore = { readHeads, commit: never, readInbox: never, readConversation: never };
  const reports: unknown[] = [];
  const interval = { ms: INTERVAL_MS };
  const reader = new HeadReader(
    store,
    table,
    () => interval.ms,
    new VirtualRuntime(time),
    (_, error) => reports.push(error),
  );
  let id = 0;
  const arrive = (userId: string) => {
    const connection = bareConnection(++id);
    table.claim(connection, sessionOf(userId));
    return connection;
  };
  const readsOf = (userId: string) => asked.filter(({ userIds }) => userIds.includes(userId)).map(({ at }) => at);
  return { time, table, asked, failing, reports, reader, arrive, readsOf, interval };
}

/** The longest stretch from `from` to `to` without a read, ms. */
function longestWait(reads: readonly number[], from: number, to: number): number {
  const moments = [from, ...reads.filter((at) => at > from && at <= to), to];
  return Math.max(...moments.slice(1).map((at, index) => at - (moments[index] as number)));
}

describe("the repair of lost hints", () => {
  it("reads at most 500 users in one statement", async () => {
    const { time, asked, reader, arrive } = open();
    for (let n = 0; n < 1_201; n++) arrive(`u${n}`);
    reader.start();
    await time.advance(INTERVAL_MS);
    expect(asked.slice(0, 3).map(({ userIds }) => userIds.length)).toEqual([500, 500, 201]);
  });

  it("asks for each user once in a round, however many devices they have", async () => {
    const { time, asked, reader, arrive } = open();
    arrive("a");
    arrive("a");
    arrive("b");
    reader.start();
    await time.advance(INTERVAL_MS);
    expect(asked[0]?.userIds).toEqual(["a", "b"]);
  });

  it("asks nothing while nobody is there", async () => {
    const { time, asked, reader } = open();
    reader.start();
    await time.advance(10 * INTERVAL_MS);
    expect(asked).toEqual([]);
  });

  it.each([1, 600, 5_000])(
    "I12: of %i users who log in together, each is read within every interval",
    async (users) => {
      const { time, reader, arrive, readsOf } = open();
      reader.start();
      await time.advance(1);
      for (let n = 0; n < users; n++) arrive(`u${n}`);
      await time.advance(5 * INTERVAL_MS);
      for (const userId of ["u0", `u${users - 1}`]) {
        expect(longestWait(readsOf(userId), 1, 5 * INTERVAL_MS)).toBeLessThanOrEqual(INTERVAL_MS);
      }
    },
  );

  it("I12: who stays while thousands leave is still read within every interval", async () => {
    const { time, table, reader, arrive, readsOf } = open();
    const crowd = Array.from({ length: 5_000 }, (_, n) => arrive(`u${n}`));
    reader.start();
    await time.advance(2 * INTERVAL_MS);
    for (const [n, connection] of crowd.entries()) if (n % 9 !== 1) table.remove(connection);
    await time.advance(3 * INTERVAL_MS);
    for (const userId of ["u1", "u451", "u4996"]) {
      expect(longestWait(readsOf(userId), INTERVAL_MS, 5 * INTERVAL_MS)).toBeLessThanOrEqual(INTERVAL_MS);
    }
  });

  it("I12: reads at once as often as it has to when others are no longer heard, in the middle of a round", async () => {
    const { time, reader, arrive, readsOf, interval } = open();
    arrive("a");
    reader.start();
    await time.advance(INTERVAL_MS / 2 + 1_000);
    interval.ms = 2_000;
    await time.advance(10_000);
    expect(longestWait(readsOf("a"), INTERVAL_MS / 2, INTERVAL_MS / 2 + 11_000)).toBeLessThanOrEqual(2_000);
  });

  it("I12: reads once more soon when others are heard again", async () => {
    const { time, reader, arrive, readsOf, interval } = open();
    arrive("a");
    interval.ms = 2_000;
    reader.start();
    await time.advance(10_500);
    interval.ms = INTERVAL_MS;
    await time.advance(1_000);
    expect(readsOf("a").at(-1)).toBeGreaterThan(10_500);
  });

  it("an outage is told once, however often it is tried, and the next one again", async () => {
    const { time, failing, reports, reader, arrive } = open();
    arrive("a");
    failing.left = 10;
    reader.start();
    await time.advance(3 * INTERVAL_MS);
    expect(reports).toHaveLength(1);
    failing.left = 2;
    await time.advance(3 * INTERVAL_MS);
    expect(reports).toHaveLength(2);
  });

  it("a failed read is repeated soon, for the same users", async () => {
    const { time, asked, failing, reader, arrive } = open();
    arrive("a");
    failing.left = 3;
    reader.start();
    await time.advance(INTERVAL_MS);
    const [first] = asked;
    expect(asked.slice(0, 4).map(({ at }) => at - (first?.at ?? 0))).toEqual([0, 500, 1_000, 1_500]);
  });

  it("stopped, it asks no more, also when a read was under way", async () => {
    const { time, asked, reader, arrive } = open();
    arrive("a");
    reader.start();
    await time.advance(INTERVAL_MS);
    reader.stop();
    const before = asked.length;
    await time.advance(10 * INTERVAL_MS);
    expect(asked).toHaveLength(before);
  });
});

describe("hints", () => {
  it("reach every device of every recipient", async () => {
    const stage = await openStage();
    const devices = [await stage.device("b"), await stage.device("b"), await stage.legacyDevice("b")];
    await stage.run(6_000);
    await stage.fill("b", 1);
    expect(devices.map(({ pushed }) => pushed)).toEqual([[1], [1], [1]]);
  });

  it("I12: P15: what no hint told of arrives within one interval and 5 s", async () => {
    const stage = await openStage();
    const device = await stage.device("b");
    const { messages } = stage.storage;
    stage.storage.commit = (real) => real().then(withoutDeliveries);
    await stage.fill("b", 3);
    expect(device.pushed).toEqual([]);
    device.send({ kind: "heartbeat", cursor: 0, headSeq: 0, serverTime: 0 });
    await stage.run(INTERVAL_MS);
    expect(messages).toBe(stage.storage.messages);
    expect(device.pushed).toEqual([1, 2, 3]);
  });

  it("I13: a hint that lies, repeats or never comes changes latency only", async () => {
    const stage = await openStage();
    const device = await stage.device("b");
    const distort = [lying, withoutDeliveries, repeated, withoutDeliveries, lying, repeated];
    for (const change of distort) {
      stage.storage.commit = (real) => real().then(change);
      await stage.fill("b", 1);
    }
    device.send({ kind: "heartbeat", cursor: 0, headSeq: 0, serverTime: 0 });
    await stage.run(INTERVAL_MS);
    expect(device.pushed).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("I12: a storage that is away for a while when heads are read delays the repair, no more", async () => {
    const stage = await openStage();
    const device = await stage.device("b");
    stage.storage.commit = (real) => real().then(withoutDeliveries);
    await stage.fill("b", 1);
    stage.storage.readHeads = away;
    await stage.run(INTERVAL_MS + 4_000);
    expect(device.pushed).toEqual([]);
    stage.storage.readHeads = null;
    await stage.run(1_000);
    expect(device.pushed).toEqual([1]);
    expect(stage.complaints).toContain("reading heads failed; trying again");
  });
});

type Deliveries = readonly { readonly seq: number }[];

/** The same result, with other words about whom to tell of which place. */
function retold<T>(result: T, tell: (deliveries: Deliveries) => Deliveries): T {
  const { outcomes } = result as { outcomes: { fresh?: { deliveries: Deliveries } | null }[] };
  for (const outcome of outcomes) {
    if (outcome.fresh) outcome.fresh = { ...outcome.fresh, deliveries: tell(outcome.fresh.deliveries) };
  }
  return result;
}

/** Nobody is told. */
const withoutDeliveries = <T>(result: T): T => retold(result, () => []);

/** Everybody is told of a place that does not exist yet. */
const lying = <T>(result: T): T => retold(result, (all) => all.map((one) => ({ ...one, seq: one.seq + 3 })));

/** Everybody is told three times. */
const repeated = <T>(result: T): T => retold(result, (all) => [...all, ...all, ...all]);
