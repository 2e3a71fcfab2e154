import { describe, expect, it } from "vitest";
import { scheduleSeed, simulate } from "../../src/testing/simulation/index.js";

describe("the simulation", () => {
  it("writes the same history for the same seed", async () => {
    for (const seed of [1, 2, 3, 4, 5].map((index) => scheduleSeed(7, index))) {
      const first = await simulate({ seed });
      const second = await simulate({ seed });
      expect(second.hash).toBe(first.hash);
    }
  });

  it("writes the same history for the same seed with three nodes", async () => {
    for (const seed of [1, 2, 3, 4, 5].map((index) => scheduleSeed(8, index))) {
      const first = await simulate({ seed, nodes: 3 });
      const second = await simulate({ seed, nodes: 3 });
      expect(first.nodes).toBe(3);
      expect(second.hash).toBe(first.hash);
    }
  });

  it("has three nodes in some schedules and one in others, and as many as it is asked for", async () => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8].map((index) => scheduleSeed(9, index));
    const drawn = await Promise.all(seeds.map(async (seed) => (await simulate({ seed })).nodes));
    expect([...new Set(drawn)].sort()).toEqual([1, 3]);
    const asked = await Promise.all(([1, 3] as const).map(async (nodes) => (await simulate({ seed: 5, nodes })).nodes));
    expect(asked).toEqual([1, 3]);
  });

  it("writes the same history whether it runs alone or beside another", async () => {
    const [first, , again] = await Promise.all([
      simulate({ seed: 11 }),
      simulate({ seed: 12 }),
      simulate({ seed: 11 }),
    ]);
    const alone = await simulate({ seed: 11 });
    expect([first.hash, again.hash]).toEqual([alone.hash, alone.hash]);
  });

  it("writes another history for another seed", async () => {
    const hashes = await Promise.all([1, 2, 3, 4].map(async (seed) => (await simulate({ seed })).hash));
    expect(new Set(hashes).size).toBe(4);
  });

  it("gives every schedule of a campaign a seed of its own", () => {
    const seeds = Array.from({ length: 5_000 }, (_, index) => scheduleSeed(1, index));
    expect(new Set([...seeds, ...seeds.map((_, index) => scheduleSeed(2, index))]).size).toBeGreaterThan(9_990);
  });
});
