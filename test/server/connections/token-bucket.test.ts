import { describe, expect, it } from "vitest";
import { TokenBucket } from "../../../src/server/connections/token-bucket.js";
import { SeededRandom } from "../../../src/testing/fakes/random.js";

describe("a token bucket", () => {
  it("gives its burst at once and then one token per interval", () => {
    const bucket = new TokenBucket(20, 3, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([true, true, true, false]);
    expect(bucket.waitMs(0)).toBe(50);
    expect(bucket.take(49)).toBe(false);
    expect(bucket.take(50)).toBe(true);
    expect(bucket.take(50)).toBe(false);
  });

  it("holds no more than its burst, however long it was quiet", () => {
    const bucket = new TokenBucket(1_000, 2, 0);
    expect([bucket.take(1e9), bucket.take(1e9), bucket.take(1e9)]).toEqual([true, true, false]);
  });

  it("is full when new and after a pause, and not in between", () => {
    const bucket = new TokenBucket(10, 1, 0);
    expect(bucket.isFull(0)).toBe(true);
    bucket.take(0);
    expect(bucket.isFull(99)).toBe(false);
    expect(bucket.isFull(100)).toBe(true);
  });

  it("S9: in no stretch of time does it give more than burst + rate × time", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed);
      const rate = random.between(1, 50);
      const burst = random.between(1, 40);
      expect(worstExcess(takeAtRandom(rate, burst, random), rate, burst)).toBeLessThan(1e-6);
    }
  });
});

/** Moments at which a token was given to somebody who asks at random. */
function takeAtRandom(rate: number, burst: number, random: SeededRandom): number[] {
  const bucket = new TokenBucket(rate, burst, 0);
  const taken: number[] = [];
  for (let now = 0; now < 5_000; now += random.between(0, 30)) if (bucket.take(now)) taken.push(now);
  return taken;
}

/** By how much any stretch from one token to another holds more than it may. */
function worstExcess(taken: readonly number[], rate: number, burst: number): number {
  const excess = taken.flatMap((from, first) =>
    taken.slice(first).map((to, between) => between + 1 - burst - (rate * (to - from)) / 1000),
  );
  return Math.max(...excess);
}
