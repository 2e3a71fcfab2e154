import { describe, expect, it } from "vitest";
import { PushReceipts } from "../../src/client/push-receipts.js";
import { VirtualRuntime, VirtualTime } from "../../src/testing/fakes/virtual-time.js";

function started(cursor: number) {
  const time = new VirtualTime();
  const told: [number, number][] = [];
  const receipts = new PushReceipts(new VirtualRuntime(time), (seq) => told.push([time.elapsed, seq]));
  receipts.start(cursor);
  return { time, told, receipts };
}

describe("receipts for pushed items", () => {
  it("go out two seconds after the cursor moved, with where it is by then", async () => {
    const { time, told, receipts } = started(5);
    receipts.moved(6);
    await time.advance(1_000);
    receipts.moved(9);
    await time.advance(10_000);
    expect(told).toEqual([[2_000, 9]]);
  });

  it("go out at once after 1,000 items", async () => {
    const { time, told, receipts } = started(5);
    receipts.moved(1_004);
    expect(told).toEqual([]);
    receipts.moved(1_005);
    expect(told).toEqual([[0, 1_005]]);
    await time.advance(10_000);
    expect(told).toHaveLength(1);
  });

  it("are not sent while the cursor stands still", async () => {
    const { time, told, receipts } = started(5);
    receipts.moved(5);
    await time.advance(10_000);
    expect(told).toEqual([]);
  });

  it("can be sent early, and then only news", () => {
    const { told, receipts } = started(5);
    receipts.moved(6);
    receipts.flush();
    receipts.flush();
    expect(told).toEqual([[0, 6]]);
  });
});
