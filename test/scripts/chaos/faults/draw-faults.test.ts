import { describe, expect, it } from "vitest";
import { allFaults } from "../../../../scripts/chaos/faults/catalogue.js";
import { drawFaults } from "../../../../scripts/chaos/faults/draw-faults.js";
import type { PlannedFault } from "../../../../scripts/chaos/faults/fault.js";
import { SeededRandom } from "../../../../src/testing/fakes/random.js";

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const draw = (seed: number, minutes = 3): readonly PlannedFault[] => drawFaults(new SeededRandom(seed), minutes);
const endOf = ({ at, lastsMs }: PlannedFault): number => at + lastsMs;
const meets = (a: PlannedFault, b: PlannedFault): boolean => a.at <= endOf(b) && b.at <= endOf(a);

describe("the plan of a storm", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(draw(4711)).toEqual(draw(4711));
    expect(draw(4711)).not.toEqual(draw(4712));
  });

  it("has a fault every five seconds on average, and never fewer than thirty in three minutes", () => {
    const counts = SEEDS.map((seed) => draw(seed).length);
    const average = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(average).toBeGreaterThan(35);
    expect(average).toBeLessThan(39);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(30);
  });

  it("begins everything in order and before the time is over", () => {
    for (const seed of SEEDS) {
      const starts = draw(seed, 1).map(({ at }) => at);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      expect(Math.max(...starts)).toBeLessThan(60_000);
    }
  });

  it("never harms the same thing twice at a time, and lets what harms everything go alone", () => {
    for (const seed of SEEDS) {
      const plan = draw(seed, 6);
      for (const [index, one] of plan.entries()) {
        for (const other of plan.slice(index + 1).filter((each) => meets(one, each))) {
          expect(one.fault.harms).not.toBe(other.fault.harms);
          expect([one.fault.harms, other.fault.harms]).not.toContain("everything");
        }
      }
    }
  });

  it("lets several go on at a time", () => {
    const plan = draw(1);
    expect(plan.some((one, index) => plan.slice(index + 1).some((other) => meets(one, other)))).toBe(true);
  });

  it("makes every kind before any comes twice", () => {
    for (const seed of SEEDS) {
      const kinds = draw(seed, 10).map(({ fault }) => fault.kind);
      expect(new Set(kinds.slice(0, allFaults.length)).size).toBe(allFaults.length);
    }
  });

  it("lets each last as long as its kind may", () => {
    for (const { lastsMs, fault } of SEEDS.flatMap((seed) => draw(seed))) {
      expect(lastsMs).toBeGreaterThanOrEqual(fault.lastsMs[0]);
      expect(lastsMs).toBeLessThanOrEqual(fault.lastsMs[1]);
      expect(lastsMs).toBeLessThanOrEqual(15_000);
    }
  });
});

describe("the kinds of faults", () => {
  it("have different names", () => {
    expect(new Set(allFaults.map(({ kind }) => kind)).size).toBe(allFaults.length);
  });

  it("harm every part there is", () => {
    const parts = ["nodes", "mariadb", "redis", "etcd", "kafka", "network", "clients", "everything"];
    expect(new Set(allFaults.map(({ harms }) => harms))).toEqual(new Set(parts));
  });
});
