import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LookupRate } from "../../../src/server/accounts/lookup-rate.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

function open() {
  const time = new VirtualTime();
  const rate = new LookupRate(new VirtualRuntime(time));
  /** How many of so many lookups are let in. */
  const letIn = (count: number, userOf: (n: number) => string, address: string | null = null) =>
    Array.from({ length: count }, (_, n) => rate.take(userOf(n), address)).filter((waitMs) => waitMs === null).length;
  return { time, rate, letIn };
}

describe("S9: looking up phone numbers", () => {
  it("S9: a user looks up 20 at once and then one in 30 s, and others are not held up by it", async () => {
    const { time, rate, letIn } = open();
    expect(letIn(100, () => "ann")).toBe(20);
    expect(rate.take("ann", null)).toBe(30_000);
    await time.advance(29_999);
    expect(rate.take("ann", null)).toBe(1);
    await time.advance(1);
    expect(letIn(100, () => "ann")).toBe(1);
    expect(letIn(100, () => "bob")).toBe(20);
  });

  it("S9: who was quiet for a day has 20 again and not one more, and so has an address its 60", async () => {
    const { time, letIn } = open();
    expect(letIn(1, () => "ann", "6.6.6.6")).toBe(1);
    await time.advance(86_400_000);
    expect(letIn(100, () => "ann")).toBe(20);
    expect(letIn(100, (n) => `user-${n}`, "6.6.6.6")).toBe(60);
  });

  it("S9: an address looks up 60 at once and then one in 5 s, whoever asks from there", async () => {
    const { time, rate, letIn } = open();
    expect(letIn(200, (n) => `user-${n}`, "6.6.6.6")).toBe(60);
    expect(rate.take("another", "6.6.6.6")).toBe(5_000);
    await time.advance(5_000);
    expect(letIn(200, (n) => `user-${n}`, "6.6.6.6")).toBe(1);
    expect(letIn(200, (n) => `late-${n}`, "7.7.7.7")).toBe(60);
  });

  it("S9: all addresses of one IPv6 network are one", () => {
    const { rate } = open();
    const waits = Array.from({ length: 100 }, (_, n) => rate.take(`user-${n}`, `2001:db8::${n.toString(16)}`));
    expect(waits.filter((waitMs) => waitMs === null)).toHaveLength(60);
  });

  it("S9: calls without an address share no budget: one user cannot use it up for the others", () => {
    const { letIn } = open();
    expect(letIn(500, (n) => `user-${n}`)).toBe(500);
  });

  it("S9: what is refused costs nothing, on either side", async () => {
    const { time, letIn } = open();
    expect(letIn(200, () => "ann", "6.6.6.6")).toBe(20);
    expect(letIn(200, (n) => `user-${n}`, "6.6.6.6")).toBe(40);
    expect(letIn(50, () => "bob", "6.6.6.6")).toBe(0);
    expect(letIn(50, () => "bob", "7.7.7.7")).toBe(20);
    await time.advance(30_000);
    expect(letIn(50, () => "ann", "7.7.7.7")).toBe(1);
  });

  it("S9: in no stretch of time is there more than that, and who waits as told is let in", () => {
    const gap = fc.oneof(fc.constant(0), fc.nat(20_000));
    return fc.assert(
      fc.asyncProperty(fc.array(gap, { minLength: 30, maxLength: 120 }), async (gaps) => {
        const { time, rate } = open();
        const taken: number[] = [];
        for (const gapMs of gaps) {
          await time.advance(gapMs);
          const waitMs = rate.take("ann", "6.6.6.6");
          if (waitMs !== null) await time.advance(waitMs);
          if (waitMs !== null) expect(rate.take("ann", "6.6.6.6")).toBeNull();
          taken.push(time.elapsed);
        }
        expect(worstExcess(taken)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });

  it("S35: 10,000 users are remembered, the one who was quiet longest is forgotten first", () => {
    const { letIn } = open();
    expect(letIn(100, () => "ann")).toBe(20);
    letIn(9_999, (n) => `user-${n}`);
    expect(letIn(100, () => "ann")).toBe(0);
    letIn(10_000, (n) => `user-${n}`);
    expect(letIn(100, () => "ann")).toBe(20);
  });
});

/** By how much any stretch from one lookup to another holds more than 20 and one in 30 s. */
function worstExcess(taken: readonly number[]): number {
  const excess = taken.flatMap((from, first) =>
    taken.slice(first).map((to, between) => between + 1 - 20 - (to - from) / 30_000),
  );
  return Math.max(...excess);
}
