import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import type { PumpPage } from "../../../src/server/connections/pump.js";
import { upTo } from "../fixture.js";
import { livePump } from "./pump-bench.js";

describe("the pump writes what follows", () => {
  it("a hint of the next item is written at once and nothing is read", () => {
    const bench = livePump();
    bench.hint(1);
    bench.hint(2);
    expect(bench.written).toEqual([1, 2]);
    expect(bench.reads).toEqual([]);
  });

  it("I5: a hint beyond the next item is not written; the items between are read, in order", async () => {
    const bench = livePump(3);
    bench.hint(6);
    expect(bench.written).toEqual([]);
    await bench.run();
    expect(bench.written).toEqual([4, 5, 6]);
    expect(bench.reads).toEqual([3]);
  });

  it("I5: hints that repeat or come late write nothing again", async () => {
    const bench = livePump();
    for (const seq of [1, 1, 2, 1, 2]) bench.hint(seq);
    await bench.run();
    expect(bench.written).toEqual([1, 2]);
    expect(bench.reads).toEqual([]);
  });

  it("I5: hints during a read are noted, not written, and the reading goes on until they are reached", async () => {
    const bench = livePump();
    bench.hint(2);
    bench.hint(1);
    bench.hint(3);
    expect(bench.written).toEqual([]);
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3]);
  });

  it("an item hinted while its page is on the way is read with the next page", async () => {
    const bench = livePump();
    let letGo = (_page: PumpPage): void => {};
    bench.answer = () => new Promise((resolve) => (letGo = resolve));
    bench.hint(2);
    bench.hint(3);
    bench.answer = null;
    letGo(bench.page(0, 2, 2));
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3]);
    expect(bench.reads).toEqual([0, 2]);
  });

  it("one read is under way at a time, whatever is hinted", async () => {
    const bench = livePump();
    bench.answer = () => new Promise(() => {});
    for (const seq of [5, 7, 9, 4]) bench.hint(seq);
    await bench.run(60_000);
    expect(bench.reads).toEqual([0]);
  });

  it("a long inbox is read page by page", async () => {
    const bench = livePump();
    bench.pageSize = 3;
    bench.highWater = 1_000;
    bench.head = 8;
    bench.pump.head(8, "e");
    await bench.run();
    expect(bench.written).toEqual(upTo(8));
    expect(bench.reads).toEqual([0, 3, 6]);
  });
});

describe("the pump believes storage, not hints", () => {
  it("a lying hint costs two reads and nothing more", async () => {
    const bench = livePump(5);
    bench.head = 5;
    bench.pump.hint({ seq: 1_000, syncEpoch: "e", item: bench.item(1) });
    await bench.run(60_000);
    expect(bench.reads).toEqual([5, 5]);
    expect(bench.pump.wanted).toBe(5);
    bench.hint(6);
    expect(bench.written).toEqual([6]);
  });

  it("an item hinted during the second of two short reads is not given up with the hint they disproved", async () => {
    const bench = livePump();
    const letGo: ((page: PumpPage) => void)[] = [];
    bench.answer = () => new Promise((resolve) => letGo.push(resolve));
    bench.pump.head(1, "e");
    bench.hint(2);
    letGo[0]?.(bench.page(0, 1, 1));
    await bench.run();
    bench.hint(3);
    bench.answer = null;
    letGo[1]?.(bench.page(1, 2, 2));
    await bench.run();
    expect(bench.written).toEqual([1, 2, 3]);
  });

  it("a hint ahead of what the first read shows is reached by the second", async () => {
    const bench = livePump();
    bench.head = 2;
    const real = bench.page(0, 1, 1);
    bench.answer = async () => {
      bench.answer = null;
      return real;
    };
    bench.pump.head(2, "e");
    await bench.run();
    expect(bench.written).toEqual([1, 2]);
  });

  it("Q1: a page with a hole is cut there and the read is repeated; the hole is never skipped", async () => {
    const bench = livePump();
    bench.head = 3;
    const full = bench.page(0, 3);
    const holed = { ...full, items: full.items.filter(({ seq }) => seq !== 2) };
    const afterOne = { ...full, items: full.items.filter(({ seq }) => seq === 3) };
    const pages = [holed, afterOne];
    bench.answer = async () => pages.shift() ?? bench.page(1, 3);
    bench.pump.head(3, "e");
    await bench.run();
    expect(bench.written).toEqual([1]);
    expect(String(bench.failures[0])).toContain("no item 2");
    await bench.run(100);
    expect(bench.written).toEqual([1, 2, 3]);
  });

  it("items at or below the place of the stream in a page are passed over", async () => {
    const bench = livePump(2);
    bench.head = 4;
    bench.answer = async () => bench.page(0, 4);
    bench.pump.head(4, "e");
    await bench.run();
    expect(bench.written).toEqual([3, 4]);
  });

  it("a page that others have overtaken is no hole: the next read follows at once", async () => {
    const bench = livePump();
    let letGo = (_page: PumpPage): void => {};
    bench.head = 9;
    bench.answer = () => new Promise((resolve) => (letGo = resolve));
    bench.pump.head(9, "e");
    bench.answer = null;
    bench.pump.hold();
    bench.pump.moveTo(4);
    bench.pump.release();
    letGo(bench.page(0, 4, 9));
    await bench.run();
    expect(bench.failures).toEqual([]);
    expect(bench.written).toEqual([5, 6, 7, 8, 9]);
  });
});

describe("the pump and failing storage", () => {
  it("a failed read is repeated with growing pauses of at most 5 s, and afterwards all is written", async () => {
    const bench = livePump();
    bench.answer = () => Promise.reject(new ImError("unavailable"));
    const at: number[] = [];
    const count = () => at.push(bench.time.elapsed);
    bench.failures.push = (...errors: unknown[]) => count() + errors.length;
    bench.head = 2;
    bench.pump.head(2, "e");
    await bench.run(20_000);
    expect(at).toEqual([0, 100, 300, 700, 1_500, 3_100, 6_300, 11_300, 16_300]);
    bench.answer = null;
    await bench.run(5_000);
    expect(bench.written).toEqual([1, 2]);
  });

  it("after a success the pauses begin small again", async () => {
    const bench = livePump();
    bench.answer = () => Promise.reject(new ImError("unavailable"));
    bench.head = 1;
    bench.pump.head(1, "e");
    await bench.run(1_000);
    bench.answer = null;
    await bench.run(5_000);
    bench.answer = () => Promise.reject(new ImError("unavailable"));
    bench.head = 3;
    bench.pump.head(3, "e");
    await bench.run(50);
    bench.answer = null;
    await bench.run(50);
    expect(bench.written).toEqual([1, 2, 3]);
  });

  it("an item that cannot be encoded is not skipped: the failure is told and the item tried again", async () => {
    const bench = livePump();
    bench.head = 2;
    const broken = { origin: "x", encode: () => expect.fail("cannot encode") };
    const page = bench.page(0, 2);
    bench.answer = async () => {
      bench.answer = null;
      return { ...page, items: [{ seq: 1, item: broken }] };
    };
    bench.pump.head(2, "e");
    await bench.run();
    expect(bench.failures).toHaveLength(1);
    expect(bench.written).toEqual([]);
    await bench.run(100);
    expect(bench.written).toEqual([1, 2]);
  });

  it("after close nothing is written and no timer is left", async () => {
    const bench = livePump();
    bench.answer = () => Promise.reject(new ImError("unavailable"));
    bench.head = 1;
    bench.pump.head(1, "e");
    await bench.run();
    bench.answer = null;
    bench.pump.close();
    bench.hint(1);
    await bench.run(60_000);
    expect(bench.written).toEqual([]);
    expect(bench.reads).toEqual([0]);
  });
});
