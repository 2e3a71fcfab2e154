import { describe, expect, it } from "vitest";
import { Fifo } from "../../src/client/fifo.js";

describe("fifo", () => {
  it("gives back in the order of putting in, over any number of rounds", () => {
    const fifo = new Fifo<number>();
    const out: number[] = [];
    const takeMany = (count: number) => {
      for (let i = 0; i < count && fifo.size > 0; i++) out.push(fifo.shift() ?? -1);
    };
    for (let round = 0; round < 300; round++) {
      for (let i = 0; i < 7; i++) fifo.push(round * 7 + i);
      takeMany(round % 2 === 0 ? 5 : 8);
    }
    takeMany(2_100);
    expect(out).toEqual(Array.from({ length: 2_100 }, (_, index) => index));
  });

  it("is empty in the end and says so", () => {
    const fifo = new Fifo<number>();
    fifo.push(1);
    expect([fifo.size, fifo.shift(), fifo.shift(), fifo.size]).toEqual([1, 1, undefined, 0]);
  });

  it("takes several at once, and those behind stay", () => {
    const fifo = new Fifo<number>();
    for (let i = 0; i < 5; i++) fifo.push(i);
    fifo.shift();
    expect(fifo.take(2)).toEqual([1, 2]);
    expect([fifo.shift(), fifo.size]).toEqual([3, 1]);
  });
});
