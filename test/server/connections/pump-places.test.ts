import { describe, expect, it } from "vitest";
import { livePump, PumpBench } from "./pump-bench.js";

describe("the pump and a slow client", () => {
  it("B1: at the high-water mark it stops, and reads nothing while stopped", async () => {
    const bench = livePump();
    bench.highWater = 3;
    bench.head = 10;
    bench.pump.head(10, "e");
    await bench.run(60_000);
    expect(bench.written).toEqual([1, 2, 3]);
    expect(bench.reads).toEqual([0]);
    bench.hint(11);
    await bench.run(60_000);
    expect(bench.written).toEqual([1, 2, 3]);
  });

  it("below half of the mark, and not before, it goes on from storage", async () => {
    const bench = livePump();
    bench.highWater = 4;
    bench.head = 6;
    bench.pump.head(6, "e");
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3, 4]);
    bench.buffered = 3;
    bench.pump.flushed();
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3, 4]);
    bench.buffered = 2;
    bench.pump.flushed();
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("I15: however many hints come, a stopped pump writes nothing", () => {
    const bench = livePump();
    bench.highWater = 1;
    for (let seq = 1; seq <= 10_000; seq++) bench.hint(seq);
    expect(bench.written).toEqual([1]);
    expect(bench.pump.wanted).toBe(10_000);
  });

  it("a client too far behind its own acknowledgement is waited for", async () => {
    const bench = livePump(0, { maxUnacknowledged: 3 });
    bench.head = 9;
    bench.pump.head(9, "e");
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3]);
    bench.drained();
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3]);
    bench.pump.acknowledge(2);
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3, 4, 5]);
  });

  it("an acknowledgement beyond what was sent counts as what was sent, and none moves back", async () => {
    const bench = livePump(0, { maxUnacknowledged: 2 });
    bench.head = 9;
    bench.pump.head(9, "e");
    await bench.run();
    bench.pump.acknowledge(1_000_000);
    await bench.run();
    bench.pump.acknowledge(1);
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3, 4]);
  });
});

describe("the pump and other histories", () => {
  it("I18: a hint, a head or a page of another epoch ends the stream and writes nothing", async () => {
    const hinted = livePump();
    hinted.hint(1, "other");
    const told = livePump();
    told.pump.head(1, "other");
    const read = livePump();
    read.epoch = "other";
    read.head = 2;
    read.pump.head(2, "e");
    await read.run();
    for (const bench of [hinted, told, read]) {
      expect(bench.otherEpochs).toBe(1);
      expect(bench.written).toEqual([]);
    }
  });
});

describe("the pump of a legacy client", () => {
  it("Q4: held, it notes hints and writes nothing; released, it writes everything", async () => {
    const bench = new PumpBench();
    bench.hint(1);
    bench.hint(2);
    await bench.run(60_000);
    expect(bench.written).toEqual([]);
    expect(bench.reads).toEqual([]);
    bench.pump.release();
    await bench.run();
    expect(bench.written).toEqual([1, 2]);
  });

  it("a page that arrives while held is dropped and read again after the release", async () => {
    const bench = livePump();
    bench.head = 2;
    bench.pump.head(2, "e");
    bench.pump.hold();
    await bench.run();
    expect(bench.written).toEqual([]);
    bench.pump.release();
    await bench.run();
    expect(bench.written).toEqual([1, 2]);
  });

  it("moved on, it begins behind the new place; moved back, it begins there again", async () => {
    const bench = new PumpBench();
    bench.hint(5);
    bench.pump.moveTo(3);
    bench.pump.release();
    await bench.run();
    expect(bench.written).toEqual([4, 5]);
    bench.pump.hold();
    bench.pump.moveTo(4);
    bench.pump.release();
    await bench.run();
    expect(bench.written).toEqual([4, 5, 5]);
  });

  it("own items are passed over in silence, and count as sent", async () => {
    const bench = livePump(0, { skipOrigin: "own" });
    bench.own.add(2);
    bench.hint(3);
    await bench.run();
    expect(bench.written).toEqual([1, 3]);
    expect(bench.pump.sent).toBe(3);
  });

  it("Q3: the seq for an own message is its own when that is next or already sent, else what was sent", () => {
    const bench = livePump(4);
    expect(bench.pump.passOwn(5)).toBe(5);
    expect(bench.pump.sent).toBe(5);
    expect(bench.pump.passOwn(9)).toBe(5);
    expect(bench.pump.passOwn(5)).toBe(5);
    expect(bench.pump.passOwn(3)).toBe(3);
    expect(bench.pump.sent).toBe(5);
  });
});
