import { beforeEach, describe, expect, it } from "vitest";
import { Lane, MAX_HELD_BYTES } from "../../../../scripts/chaos/lines/lane.js";
import { FAIR, type Weather } from "../../../../scripts/chaos/lines/weather.js";
import { VirtualRuntime, VirtualTime } from "../../../../src/testing/fakes/virtual-time.js";
import { FakeEnd } from "./fake-end.js";

describe("a lane", () => {
  let time: VirtualTime;
  let from: FakeEnd;
  let to: FakeEnd;

  beforeEach(() => {
    time = new VirtualTime();
    from = new FakeEnd(() => time.elapsed);
    to = new FakeEnd(() => time.elapsed);
  });

  const laneIn = (weather: Partial<Weather>): Lane => {
    return new Lane("up", from.asEnd, to.asEnd, { ...FAIR, ...weather }, new VirtualRuntime(time));
  };

  it("passes everything on at once in fair weather, the end too", () => {
    laneIn({});
    from.says("one");
    from.says("two");
    from.emit("end");
    expect(to.written).toEqual([
      { text: "one", at: 0 },
      { text: "two", at: 0 },
      { text: ".", at: 0 },
    ]);
  });

  it("brings everything as much later as the latency says, and the end behind it", async () => {
    laneIn({ latencyMs: 250 });
    from.says("one");
    await time.advance(100);
    from.says("two");
    from.emit("end");
    await time.advance(1_000);
    expect(to.written).toEqual([
      { text: "one", at: 250 },
      { text: "two", at: 350 },
      { text: ".", at: 350 },
    ]);
  });

  it("keeps the order, however much the times differ", async () => {
    laneIn({ latencyMs: 10, jitterMs: 200 });
    for (let number = 0; number < 40; number++) {
      from.says(`${number},`);
      await time.advance(1);
    }
    await time.advance(300);
    expect(to.text).toBe(Array.from({ length: 40 }, (_, number) => `${number},`).join(""));
    const delays = to.written.map(({ at }, number) => at - number);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...delays)).toBeGreaterThan(100);
    expect(Math.max(...delays)).toBeLessThanOrEqual(210);
  });

  it("lets as many bytes a second through as its bandwidth", async () => {
    laneIn({ bytesPerSecond: 1_000 });
    from.says("x".repeat(3_000));
    await time.advance(999);
    expect(to.text.length).toBe(1_000);
    await time.advance(1_000);
    expect(to.text.length).toBe(2_000);
    await time.advance(2_000);
    expect(to.text.length).toBe(3_000);
  });

  it("cuts what comes into slices, each written by itself", async () => {
    laneIn({ sliceBytes: 2 });
    from.says("abcde");
    expect(to.written.map(({ text }) => text)).toEqual(["ab"]);
    await time.advance(0);
    expect(to.written.map(({ text }) => text)).toEqual(["ab", "cd", "e"]);
  });

  it("loses nothing in a black hole: what was sent meanwhile comes afterwards", async () => {
    const lane = laneIn({ lost: "up" });
    from.says("one");
    from.emit("end");
    await time.advance(60_000);
    expect(to.written).toEqual([]);
    lane.setWeather(FAIR);
    expect(to.text).toBe("one.");
  });

  it("is not concerned by what gets lost the other way", () => {
    laneIn({ lost: "down" });
    from.says("one");
    expect(to.text).toBe("one");
  });

  it("stops reading when it holds what it may, and reads on when there is room", () => {
    const lane = laneIn({ lost: "both" });
    from.says("x".repeat(MAX_HELD_BYTES - 1));
    expect(from.isReading).toBe(true);
    from.says("yy");
    expect(from.isReading).toBe(false);
    expect(lane.heldBytes).toBe(MAX_HELD_BYTES + 1);
    lane.setWeather(FAIR);
    expect(lane.heldBytes).toBe(0);
    expect(from.isReading).toBe(true);
  });

  it("waits for a receiver that takes no more, and its sender has to wait, too", () => {
    laneIn({});
    to.isRoomy = false;
    from.says("one");
    from.says("x".repeat(MAX_HELD_BYTES));
    expect(to.text).toBe("one");
    expect(from.isReading).toBe(false);
    to.isRoomy = true;
    to.emit("drain");
    expect(to.text.length).toBe(3 + MAX_HELD_BYTES);
    expect(from.isReading).toBe(true);
  });

  it("breaks the receiver's end when the sender's broke: after the latency, with what was under way by then", async () => {
    const lane = laneIn({ latencyMs: 100 });
    from.says("one");
    await time.advance(50);
    lane.breakOff();
    await time.advance(60);
    expect(to).toMatchObject({ text: "one", destroyed: false });
    await time.advance(40);
    expect(to.wasReset).toBe(true);
  });

  it("says nothing of a broken end while that gets lost", async () => {
    const lane = laneIn({ lost: "both" });
    lane.breakOff();
    await time.advance(60_000);
    expect(to.destroyed).toBe(false);
    lane.setWeather(FAIR);
    expect(to.wasReset).toBe(true);
  });

  it("breaks a receiver that takes no more, too", () => {
    const lane = laneIn({});
    to.isRoomy = false;
    from.says("one");
    lane.breakOff();
    expect(to.wasReset).toBe(true);
  });

  it("closes instead of resetting while the last word is still leaving, since Node would keep the socket", () => {
    const lane = laneIn({});
    from.emit("end");
    lane.breakOff();
    expect(to).toMatchObject({ destroyed: true, wasReset: false });
  });
});
