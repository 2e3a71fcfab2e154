import { describe, expect, it } from "vitest";
import type { OutboxEntry } from "../../src/client/contracts.js";
import { Outbox, SILENCE_MS } from "../../src/client/outbox.js";
import { VirtualRuntime, VirtualTime } from "../../src/testing/fakes/virtual-time.js";

const entry = (clientId: number, to = "bob", order = clientId): OutboxEntry => ({
  clientId,
  order,
  target: { kind: "single", id: to },
  type: 1,
  content: new Uint8Array(),
  clientTime: 0,
});

function outboxWith(window = 32) {
  const time = new VirtualTime();
  const sent: [clientId: number, after: number][] = [];
  const stalls: number[] = [];
  const outbox = new Outbox(new VirtualRuntime(time), window, {
    transmit: ({ clientId }, after) => sent.push([clientId, after]),
    stalled: () => stalls.push(time.elapsed),
    changed: () => {},
  });
  /** What was transmitted since the last call. */
  const news = () => sent.splice(0);
  return { time, outbox, news, stalls };
}

/** An outbox that has just transmitted messages 1 … count of one conversation. */
function flying(count: number, window = 32) {
  const bench = outboxWith(window);
  bench.outbox.start();
  for (let id = 1; id <= count; id++) bench.outbox.add(entry(id));
  bench.news();
  return bench;
}

describe("outbox: transmission", () => {
  it("transmits nothing before the login is accepted", () => {
    const { outbox, news } = outboxWith();
    outbox.add(entry(1));
    expect(news()).toEqual([]);
    outbox.start();
    expect(news()).toEqual([[1, 0]]);
  });

  it("I8: transmits in the order of composing and names the nearest unsettled predecessor", () => {
    const { outbox, news } = outboxWith();
    outbox.load([entry(3), entry(1), entry(2)]);
    outbox.start();
    expect(news()).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  it("U3: transmits a message once on a connection while its answer is out", () => {
    const { outbox, news } = flying(2);
    outbox.add(entry(3));
    expect(news()).toEqual([[3, 2]]);
    outbox.settle(3);
    expect(news()).toEqual([]);
  });

  it("names no predecessor that is settled", () => {
    const { outbox, news } = flying(2);
    outbox.settle(1);
    outbox.settle(2);
    outbox.add(entry(3));
    expect(news()).toEqual([[3, 0]]);
  });

  it("never has more than the window under way, and goes on when something is settled", () => {
    const { outbox, news } = outboxWith(3);
    outbox.start();
    for (let id = 1; id <= 5; id++) outbox.add(entry(id));
    expect(news().map(([id]) => id)).toEqual([1, 2, 3]);
    outbox.settle(1);
    expect(news()).toEqual([[4, 3]]);
  });

  it("U1: a retry on the next connection keeps its id and works out its predecessor anew", () => {
    const { outbox, news } = flying(3);
    outbox.stop();
    outbox.settle(2);
    outbox.start();
    expect(news()).toEqual([
      [1, 0],
      [3, 1],
    ]);
  });

  it("U3: an answer settles its message by id, whichever transmission it answers; a second one changes nothing", () => {
    const { outbox } = flying(1);
    outbox.stop();
    outbox.start();
    expect(outbox.settle(1)?.clientId).toBe(1);
    expect(outbox.settle(1)).toBeNull();
    expect(outbox.size).toBe(0);
  });

  it("takes turns between conversations, so that a long one starves nobody", () => {
    const { outbox, news } = outboxWith(4);
    outbox.start();
    for (let id = 1; id <= 100; id++) outbox.add(entry(id, "bob"));
    news();
    outbox.add(entry(101, "carol"));
    outbox.add(entry(102, "dave"));
    outbox.settle(1);
    outbox.settle(2);
    outbox.settle(3);
    expect(news().map(([id]) => id)).toEqual([5, 101, 102]);
  });

  it("names predecessors of the same conversation only", () => {
    const { outbox, news } = outboxWith();
    outbox.start();
    outbox.add(entry(1, "bob"));
    outbox.add(entry(2, "carol"));
    outbox.add(entry(3, "bob"));
    expect(news()).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
    ]);
  });

  it("stops transmitting while paused, and settles what is under way", () => {
    const { outbox, news } = flying(1, 1);
    outbox.add(entry(2));
    outbox.pause();
    outbox.settle(1);
    expect([news(), outbox.size]).toEqual([[], 1]);
  });

  it("holds 10,000 messages of one conversation and drains them in order with few steps each", () => {
    const { outbox, news } = outboxWith();
    for (let id = 1; id <= 10_000; id++) outbox.add(entry(id));
    outbox.start();
    const order: number[] = [];
    for (let round = news(); round.length > 0; round = news()) {
      for (const [id] of round) {
        order.push(id);
        outbox.settle(id);
      }
    }
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
  });

  it("knows which messages have certainly not reached a server", () => {
    const { outbox } = flying(2, 1);
    outbox.stop();
    expect([outbox.isUntouched(1), outbox.isUntouched(2), outbox.isUntouched(3)]).toEqual([false, true, false]);
  });

  it("takes for granted that what it finds in the store may have been transmitted", () => {
    const { outbox } = outboxWith();
    outbox.load([entry(1)]);
    expect(outbox.isUntouched(1)).toBe(false);
  });

  it("lists in the order of composing, with what is under way", () => {
    const { outbox } = flying(2, 1);
    expect(outbox.list().map(({ entry: { clientId }, state }) => [clientId, state])).toEqual([
      [1, "flying"],
      [2, "queued"],
    ]);
    outbox.stop();
    expect(outbox.list().map(({ state }) => state)).toEqual(["queued", "queued"]);
  });
});

describe("outbox: a busy server", () => {
  it("waits as long as the server asks, then brings only the oldest, then the rest in order", async () => {
    const { outbox, news, time } = flying(3);
    for (const id of [1, 2, 3]) outbox.busy(id, 5_000);
    await time.advance(4_999);
    expect(news()).toEqual([]);
    await time.advance(1);
    expect(news()).toEqual([[1, 0]]);
    outbox.settle(1);
    expect(news()).toEqual([
      [2, 0],
      [3, 2],
    ]);
  });

  it("backs off by itself when the server names no time", async () => {
    const { outbox, news, time } = flying(1);
    outbox.busy(1, 0);
    expect(news()).toEqual([]);
    await time.advance(500);
    expect(news()).toEqual([[1, 0]]);
  });

  it("stays narrow when the oldest is settled that was transmitted before the trouble", async () => {
    const { outbox, news, time } = flying(4);
    outbox.busy(2, 1_000);
    outbox.busy(3, 1_000);
    outbox.settle(1);
    await time.advance(1_000);
    expect(news()).toEqual([[2, 0]]);
    outbox.settle(2);
    expect(news()).toEqual([[3, 0]]);
  });

  it("holds back newer messages of that conversation, and of no other", async () => {
    const { outbox, news } = flying(1);
    outbox.busy(1, 1_000);
    outbox.add(entry(2, "bob"));
    outbox.add(entry(3, "carol"));
    expect(news()).toEqual([[3, 0]]);
  });

  it("gives the window's place to others while it waits", () => {
    const { outbox, news } = flying(1, 1);
    outbox.busy(1, 1_000);
    outbox.add(entry(2, "carol"));
    expect(news()).toEqual([[2, 0]]);
  });

  it("forgets the wait with the connection", async () => {
    const { outbox, news, time } = flying(2);
    outbox.busy(1, 60_000);
    outbox.stop();
    outbox.start();
    expect(news()).toEqual([
      [1, 0],
      [2, 1],
    ]);
    await time.advance(60_000);
    expect(news()).toEqual([]);
  });

  it("does not wait longer than five minutes, whatever the server asks for", async () => {
    const { outbox, news, time } = flying(1);
    outbox.busy(1, 2 ** 31);
    await time.advance(300_000);
    expect(news()).toEqual([[1, 0]]);
  });
});

describe("outbox: out of order", () => {
  it("waits for a predecessor that is unsettled, and follows it narrowly", () => {
    const { outbox, news } = flying(3);
    outbox.outOfOrder(2);
    outbox.outOfOrder(3);
    expect(news()).toEqual([]);
    outbox.settle(1);
    expect(news()).toEqual([[2, 0]]);
    outbox.settle(2);
    expect(news()).toEqual([[3, 0]]);
  });

  it("goes out again at once when the predecessor it named is settled", () => {
    const { outbox, news } = flying(2);
    outbox.settle(1);
    outbox.outOfOrder(2);
    expect(news()).toEqual([[2, 0]]);
  });

  it("goes out again at once when the predecessor it named is settled, though an earlier one is not", () => {
    const { outbox, news } = flying(3);
    outbox.settle(2);
    outbox.outOfOrder(3);
    expect(news()).toEqual([[3, 1]]);
  });

  it("follows a predecessor that was busy", async () => {
    const { outbox, news, time } = flying(3);
    outbox.busy(1, 1_000);
    outbox.outOfOrder(2);
    outbox.outOfOrder(3);
    await time.advance(1_000);
    expect(news()).toEqual([[1, 0]]);
    outbox.settle(1);
    expect(news()).toEqual([
      [2, 0],
      [3, 2],
    ]);
  });

  it("ignores an answer to something that is not under way", () => {
    const { outbox, news } = flying(1);
    outbox.stop();
    outbox.outOfOrder(1);
    outbox.busy(1, 0);
    outbox.busy(7, 0);
    outbox.start();
    expect(news()).toEqual([[1, 0]]);
  });
});

describe("outbox: silence", () => {
  it("reports when nothing was answered for eight seconds", async () => {
    const { stalls, time } = flying(1);
    await time.advance(SILENCE_MS - 1);
    expect(stalls).toEqual([]);
    await time.advance(1);
    expect(stalls).toEqual([SILENCE_MS]);
  });

  it("counts from the last answer", async () => {
    const { outbox, stalls, time } = flying(2);
    await time.advance(7_000);
    outbox.answered();
    outbox.settle(1);
    await time.advance(7_999);
    expect(stalls).toEqual([]);
    await time.advance(1);
    expect(stalls).toEqual([15_000]);
  });

  it("is not awaited when nothing is under way", async () => {
    const { outbox, stalls, time } = flying(1);
    outbox.settle(1);
    await time.advance(60_000);
    outbox.add(entry(2));
    outbox.busy(2, 30_000);
    await time.advance(29_999);
    expect(stalls).toEqual([]);
  });
});

describe("outbox: after a reset", () => {
  it("puts lost messages back at their places, before later ones", () => {
    const { outbox, news } = outboxWith();
    outbox.load([entry(30), entry(40)]);
    outbox.restore([entry(10), entry(20), entry(35)]);
    outbox.start();
    expect(news()).toEqual([
      [10, 0],
      [20, 10],
      [30, 20],
      [35, 30],
      [40, 35],
    ]);
  });
});
