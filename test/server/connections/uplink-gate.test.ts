import { describe, expect, it } from "vitest";
import { UplinkGate } from "../../../src/server/connections/uplink-gate.js";
import { DEFAULT_LIMITS } from "../../../src/server/limits.js";

const gateOf = (limits = {}) => new UplinkGate({ ...DEFAULT_LIMITS, window: 2, ...limits }, 1_000);

describe("the gate for uplinks", () => {
  it("lets a window through and then waits for an answer", () => {
    const gate = gateOf();
    for (let n = 0; n < 3; n++) gate.received(1_000);
    gate.pass(1_000);
    gate.pass(1_000);
    expect(gate.waitMs(1_000)).toBe(Number.POSITIVE_INFINITY);
    gate.answered(1_000);
    expect(gate.waitMs(1_000)).toBe(0);
  });

  it("waits for the rate with room in the window", () => {
    const gate = gateOf({ uplinksPerSecond: 10, uplinkBurst: 1 });
    gate.received(1_000);
    gate.pass(1_000);
    gate.answered(1_000);
    expect(gate.waitMs(1_000)).toBe(100);
    expect(gate.waitMs(1_060)).toBe(40);
  });

  it("is idle when everything received has its answer", () => {
    const gate = gateOf();
    expect(gate.isIdle).toBe(true);
    gate.received(1_000);
    expect(gate.isIdle).toBe(false);
    gate.pass(1_000);
    gate.answered(1_000);
    expect(gate.isIdle).toBe(true);
  });

  it("a client within its window is never flooding, however long an answer takes", () => {
    const gate = gateOf();
    gate.received(1_000);
    gate.received(1_000);
    expect(gate.isFlooded(10_000_000)).toBe(false);
  });

  it("a client over its window is flooding after more than 10 s", () => {
    const gate = gateOf();
    for (let n = 0; n < 3; n++) gate.received(1_000);
    expect(gate.isFlooded(11_000)).toBe(false);
    expect(gate.isFlooded(11_001)).toBe(true);
  });

  it("dips below the window of less than a second forgive nothing", () => {
    const gate = gateOf();
    for (let now = 1_000; now <= 11_500; now += 500) {
      while (!overfull(gate, now)) gate.received(now);
      gate.pass(now);
      gate.answered(now);
      gate.received(now + 400);
    }
    expect(gate.isFlooded(11_901)).toBe(true);
  });

  it("a second within the window forgives", () => {
    const gate = gateOf();
    for (let n = 0; n < 3; n++) gate.received(1_000);
    gate.pass(1_000);
    gate.answered(9_000);
    gate.received(10_000);
    expect(gate.isFlooded(15_000)).toBe(false);
    expect(gate.isFlooded(20_001)).toBe(true);
  });
});

/** Looked at from outside: over the window means flooded, some day. */
const overfull = (gate: UplinkGate, now: number): boolean => gate.isFlooded(now + 1e12);
