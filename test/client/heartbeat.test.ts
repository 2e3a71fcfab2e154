import { describe, expect, it } from "vitest";
import { Heartbeat } from "../../src/client/heartbeat.js";
import { VirtualRuntime, VirtualTime } from "../../src/testing/fakes/virtual-time.js";

function started(intervalMs: number) {
  const time = new VirtualTime();
  const beats: number[] = [];
  const deaths: number[] = [];
  const heartbeat = new Heartbeat(new VirtualRuntime(time), {
    beat: () => beats.push(time.elapsed),
    dead: () => deaths.push(time.elapsed),
  });
  heartbeat.start(intervalMs);
  return { time, beats, deaths, heartbeat };
}

describe("heartbeat", () => {
  it("beats at the interval the server named", async () => {
    const { time, beats } = started(10_000);
    await time.advance(19_999);
    expect(beats).toEqual([10_000]);
  });

  it("beats every 25 s when the server names no interval", async () => {
    const { time, beats } = started(0);
    await time.advance(25_000);
    expect(beats).toEqual([25_000]);
  });

  it("P16: declares the connection dead when nothing was received for two intervals, sent or not", async () => {
    const { time, deaths } = started(10_000);
    await time.advance(19_999);
    expect(deaths).toEqual([]);
    await time.advance(1);
    expect(deaths).toEqual([20_000]);
  });

  it("counts anything received as life", async () => {
    const { time, deaths, heartbeat } = started(10_000);
    await time.advance(15_000);
    heartbeat.heard();
    await time.advance(19_999);
    expect(deaths).toEqual([]);
    await time.advance(1);
    expect(deaths).toEqual([35_000]);
  });

  it("asks at once when probed, and has eight seconds' patience", async () => {
    const { time, beats, deaths, heartbeat } = started(25_000);
    await time.advance(1_000);
    heartbeat.probe();
    expect(beats).toEqual([1_000]);
    await time.advance(8_000);
    expect(deaths).toEqual([9_000]);
  });

  it("goes back to two intervals when a probe was answered", async () => {
    const { time, deaths, heartbeat } = started(25_000);
    heartbeat.probe();
    await time.advance(1_000);
    heartbeat.heard();
    await time.advance(49_999);
    expect(deaths).toEqual([]);
    await time.advance(1);
    expect(deaths).toEqual([51_000]);
  });

  it("does nothing after its end", async () => {
    const { time, beats, deaths, heartbeat } = started(10_000);
    heartbeat.stop();
    heartbeat.probe();
    await time.advance(100_000);
    expect([beats, deaths]).toEqual([[], []]);
  });
});
