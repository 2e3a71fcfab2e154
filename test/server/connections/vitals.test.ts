import { describe, expect, it } from "vitest";
import { Vitals } from "../../../src/server/connections/vitals.js";
import { DEFAULT_LIMITS } from "../../../src/server/limits.js";

/** Nothing waits in the socket. */
const codeAt = (vitals: Vitals, now: number): number | null => vitals.check(now, 0, 0)?.code ?? null;

function signedIn(isLegacy = false): Vitals {
  const vitals = new Vitals(DEFAULT_LIMITS, 0);
  vitals.loginBegun(0);
  vitals.signedIn(isLegacy);
  return vitals;
}

describe("the deadlines of a connection", () => {
  it("S3: without a login it ends after 5 s, and traffic does not move that moment", () => {
    const vitals = new Vitals(DEFAULT_LIMITS, 0);
    for (let now = 0; now < 5_000; now += 100) {
      vitals.heard(now);
      expect(codeAt(vitals, now)).toBeNull();
    }
    vitals.heard(4_999);
    expect(codeAt(vitals, 5_000)).toBe(4401);
  });

  it("S3: a login under way has 15 s, then the client is sent to try again", () => {
    const vitals = new Vitals(DEFAULT_LIMITS, 0);
    vitals.loginBegun(4_000);
    vitals.loginBegun(10_000);
    expect(codeAt(vitals, 18_999)).toBeNull();
    expect(codeAt(vitals, 19_000)).toBe(1012);
  });

  it("P16: silence of two heartbeats ends it, a frame begins them anew", () => {
    const vitals = signedIn();
    vitals.heard(30_000);
    expect(codeAt(vitals, 80_000)).toBeNull();
    expect(codeAt(vitals, 80_001)).toBe(4408);
  });

  it("a legacy client has 600 s", () => {
    const vitals = signedIn(true);
    expect(codeAt(vitals, 600_000)).toBeNull();
    expect(codeAt(vitals, 600_001)).toBe(4408);
  });

  it("only a legacy client is pinged, every 25 s", () => {
    expect(signedIn().pingDue(1e9)).toBe(false);
    const vitals = signedIn(true);
    expect([24_999, 25_000, 26_000, 49_999, 50_000].map((now) => vitals.pingDue(now))).toEqual([
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it("time in which the server did not read does not count as silence", () => {
    const vitals = signedIn();
    vitals.reading(false, 10_000);
    expect(codeAt(vitals, 1_000_000)).toBeNull();
    vitals.reading(true, 1_000_000);
    expect(codeAt(vitals, 1_040_000)).toBeNull();
    expect(codeAt(vitals, 1_040_001)).toBe(4408);
  });

  it("repeated pauses and continuations count once", () => {
    const vitals = signedIn();
    vitals.reading(false, 10_000);
    vitals.reading(false, 20_000);
    vitals.reading(true, 30_000);
    vitals.reading(true, 40_000);
    expect(codeAt(vitals, 70_000)).toBeNull();
    expect(codeAt(vitals, 70_001)).toBe(4408);
  });

  it("B6: a client that takes nothing of what waits for 30 s is closed with 4508", () => {
    const vitals = signedIn();
    expect(vitals.check(1_000, 0, 500)).toBeNull();
    vitals.heard(29_000);
    expect(vitals.check(29_999, 0, 500)).toBeNull();
    expect(vitals.check(30_000, 0, 500)?.code).toBe(4508);
  });

  it("any byte taken, or nothing waiting, begins the 30 s anew", () => {
    const vitals = signedIn();
    vitals.heard(40_000);
    expect(vitals.check(29_000, 1, 500)).toBeNull();
    expect(vitals.check(58_000, 1, 0)).toBeNull();
    expect(vitals.check(87_999, 1, 500)).toBeNull();
    expect(vitals.check(88_000, 1, 500)?.code).toBe(4508);
  });
});
