import { describe, expect, it } from "vitest";
import { Backoff, backoffMs } from "../../src/client/backoff.js";

describe("backoff", () => {
  it("has a ceiling that doubles from half a second to 30 seconds", () => {
    const ceilings = Array.from({ length: 9 }, (_, tries) => backoffMs(tries, 1));
    expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("stays at 30 seconds however long it lasts", () => {
    expect(backoffMs(1_000_000, 1)).toBe(30_000);
  });

  it("is spread over everything below the ceiling, so that clients do not come back together", () => {
    expect([0, 0.25, 0.5].map((random) => backoffMs(2, random))).toEqual([0, 500, 1_000]);
  });

  it("begins anew after a reset", () => {
    const backoff = new Backoff(() => 1);
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([500, 1_000, 2_000]);
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });
});
