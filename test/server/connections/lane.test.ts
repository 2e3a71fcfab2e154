import { describe, expect, it } from "vitest";
import type { ClientFrame } from "../../../src/core/frames.js";
import { Lane } from "../../../src/server/connections/lane.js";
import { UplinkGate } from "../../../src/server/connections/uplink-gate.js";
import { DEFAULT_LIMITS, type Limits } from "../../../src/server/limits.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";
import { heartbeat, pushAck, uplink } from "../raw-client.js";

/** A lane whose owner writes down what it is told. */
class LaneBench {
  readonly time = new VirtualTime();
  readonly begun: ClientFrame[] = [];
  readonly lane: Lane;
  readonly gate: UplinkGate;
  readonly unfinished: (() => void)[] = [];
  isReading = true;
  isSlow = false;
  hasRoom = true;

  constructor(limits: Partial<Limits> = {}) {
    const runtime = new VirtualRuntime(this.time);
    this.gate = new UplinkGate({ ...DEFAULT_LIMITS, ...limits }, 0);
    const owner = {
      carryOut: (frame: ClientFrame) => this.#carryOut(frame),
      setReading: (isReading: boolean) => {
        this.isReading = isReading;
      },
      hasRoom: () => this.hasRoom,
    };
    this.lane = new Lane(owner, this.gate, runtime);
  }

  push(...frames: ClientFrame[]): boolean {
    let fits = true;
    for (const frame of frames) {
      if (frame.kind === "uplink") this.gate.received(this.time.elapsed);
      fits = this.lane.push(frame) && fits;
    }
    return fits;
  }

  answer(): void {
    this.gate.answered(this.time.elapsed);
    this.lane.run();
  }

  get cursors(): number[] {
    return this.begun.flatMap((frame) => (frame.kind === "push_ack" ? [frame.cursor] : []));
  }

  get ids(): number[] {
    return this.begun.flatMap((frame) => (frame.kind === "uplink" ? [frame.clientId] : []));
  }

  #carryOut(frame: ClientFrame): void | Promise<void> {
    this.begun.push(frame);
    if (this.isSlow) return new Promise((resolve) => this.unfinished.push(resolve));
  }
}

const uplinks = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => uplink(from + index, "b", "x"));

describe("the lane of a connection", () => {
  it("P19: one command at a time, in the order of arrival", async () => {
    const bench = new LaneBench();
    bench.isSlow = true;
    bench.push(pushAck(1), pushAck(2), pushAck(3));
    expect(bench.cursors).toEqual([1]);
    bench.unfinished.shift()?.();
    await bench.time.advance(0);
    expect(bench.cursors).toEqual([1, 2]);
    bench.unfinished.shift()?.();
    await bench.time.advance(0);
    expect(bench.cursors).toEqual([1, 2, 3]);
  });

  it("a window of 32 uplinks is under way; the next waits for an answer and the socket is not read", () => {
    const bench = new LaneBench();
    bench.push(...uplinks(1, 33));
    expect(bench.ids).toHaveLength(32);
    expect(bench.isReading).toBe(false);
    bench.answer();
    expect(bench.ids).toHaveLength(33);
    expect(bench.isReading).toBe(true);
  });

  it("B11: over the rate the socket is not read until the next token is there", async () => {
    const bench = new LaneBench({ uplinkBurst: 2, uplinksPerSecond: 10 });
    bench.push(...uplinks(1, 3));
    expect(bench.ids).toEqual([1, 2]);
    expect(bench.isReading).toBe(false);
    await bench.time.advance(99);
    expect(bench.ids).toEqual([1, 2]);
    await bench.time.advance(1);
    expect(bench.ids).toEqual([1, 2, 3]);
    expect(bench.isReading).toBe(true);
  });

  it("what stands behind a waiting uplink waits too", async () => {
    const bench = new LaneBench({ uplinkBurst: 1, uplinksPerSecond: 10 });
    bench.push(...uplinks(1, 2), pushAck(7));
    expect(bench.cursors).toEqual([]);
    await bench.time.advance(100);
    expect(bench.begun.map(({ kind }) => kind)).toEqual(["uplink", "uplink", "push_ack"]);
  });

  it("with more than 64 frames waiting the socket is not read; later it is", async () => {
    const bench = new LaneBench();
    bench.isSlow = true;
    for (let n = 0; n < 65; n++) bench.push(heartbeat());
    expect(bench.isReading).toBe(true);
    bench.push(heartbeat());
    expect(bench.isReading).toBe(false);
    bench.isSlow = false;
    bench.unfinished.shift()?.();
    await bench.time.advance(0);
    expect(bench.isReading).toBe(true);
    expect(bench.begun).toHaveLength(66);
  });

  it("I15: it takes 2,048 waiting frames and refuses the next", () => {
    const bench = new LaneBench();
    bench.isSlow = true;
    for (let n = 0; n < 2_049; n++) expect(bench.push(heartbeat())).toBe(true);
    expect(bench.push(heartbeat())).toBe(false);
  });

  it("I15: while the client does not take its answers nothing begins, whatever it is, and the socket is not read", () => {
    const bench = new LaneBench();
    bench.hasRoom = false;
    bench.push(heartbeat(), pushAck(1), uplink(1, "b", "x"));
    expect(bench.begun).toEqual([]);
    expect(bench.isReading).toBe(false);
    bench.hasRoom = true;
    bench.lane.run();
    expect(bench.begun).toHaveLength(3);
    expect(bench.isReading).toBe(true);
  });

  it("is idle only when nothing waits and nothing is carried out", async () => {
    const bench = new LaneBench();
    expect(bench.lane.isIdle).toBe(true);
    bench.isSlow = true;
    bench.push(heartbeat());
    expect(bench.lane.isIdle).toBe(false);
    bench.unfinished.shift()?.();
    await bench.time.advance(0);
    expect(bench.lane.isIdle).toBe(true);
  });

  it("closed, it begins nothing more, also when a token or an answer comes", async () => {
    const bench = new LaneBench({ uplinkBurst: 1, uplinksPerSecond: 10 });
    bench.push(...uplinks(1, 3));
    bench.lane.close();
    bench.answer();
    await bench.time.advance(60_000);
    expect(bench.ids).toEqual([1]);
  });
});
