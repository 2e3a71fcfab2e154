import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claimant, sharePartitions } from "../../../src/adapters/kafka/share-partitions.js";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const node = (id: string, { held = [], owned = [], isRetiring = false }: Partial<Claimant> = {}): Claimant => ({
  id,
  held,
  owned,
  isRetiring,
});
const share = (parts: number, ...claimants: Claimant[]) => Object.fromEntries(sharePartitions(upTo(parts), claimants));

describe("sharing the parts of a topic", () => {
  it("a node that comes gets its part, and the others keep the rest of theirs", () => {
    const shares = share(8, node("a", { owned: [0, 1, 2, 3] }), node("b", { owned: [4, 5, 6, 7] }), node("c"));
    expect(shares).toEqual({ a: [0, 1, 2], b: [4, 5, 6], c: [3, 7] });
  });

  it("D4: a node that takes nothing further keeps what it has in hand, and nothing else", () => {
    const shares = share(4, node("a", { owned: [0, 1, 2, 3], held: [2], isRetiring: true }), node("b"));
    expect(shares).toEqual({ a: [2], b: [0, 1, 3] });
  });

  it("D4: where all take nothing further, the rest waits", () => {
    expect(share(3, node("a", { owned: [0, 1, 2], held: [1], isRetiring: true }))).toEqual({ a: [1] });
  });

  it("K5: what a node has in hand stays with it, as far as its share goes", () => {
    expect(share(4, node("a", { owned: [0, 1, 2, 3], held: [3, 2] }), node("b"))).toEqual({ a: [3, 2], b: [0, 1] });
    expect(share(2, node("a", { owned: [0, 1], held: [0, 1] }), node("b"))).toEqual({ a: [0], b: [1] });
  });

  it("every part goes to one node, and shares differ by one at most, whatever nodes say of themselves", () => {
    const parts = fc.array(fc.integer({ min: -1, max: 30 }));
    const nodes = fc.uniqueArray(
      fc.record({ id: fc.string(), held: parts, owned: parts, isRetiring: fc.constant(false) }),
      {
        minLength: 1,
        maxLength: 8,
        selector: ({ id }) => id,
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), nodes, (count, claimants) => {
        const shares = [...sharePartitions(upTo(count), claimants).values()];
        expect(shares.flat().sort((a, b) => a - b)).toEqual(upTo(count));
        const sizes = shares.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
