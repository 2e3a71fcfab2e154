import { describe, expect, it } from "vitest";
import { REFUSAL_LIFE_MS } from "../../src/adapters/contracts/refusal-clock.js";
import { RefusalBook } from "../../src/adapters/memory/refusal-book.js";

const DAY_MS = REFUSAL_LIFE_MS / 7;

const fill = (book: RefusalBook, count: number, serverTime: number) => {
  for (let i = 0; i < count; i++) book.write(`${serverTime}-${i}`, "blocked", serverTime);
};

describe("refusal book", () => {
  it("forgets the old ones little by little, faster than new ones come", () => {
    const book = new RefusalBook();
    fill(book, 1_000, 0);
    for (let day = 1; day <= 7; day++) book.write(`day-${day}`, "blocked", day * DAY_MS);
    const sizes = [book.size];
    for (let i = 0; i < 100; i++) {
      book.write(`new-${i}`, "blocked", REFUSAL_LIFE_MS + 1);
      sizes.push(book.size);
    }
    expect(book.size).toBe(107);
    expect(Math.max(...sizes.slice(1).map((size, index) => (sizes[index] as number) - size))).toBeLessThan(20);
  });

  it("forgets none that is young, also when the clock goes back", () => {
    const book = new RefusalBook();
    fill(book, 10, 1_000);
    book.write("earlier", "blocked", 0);
    expect(book.size).toBe(11);
    expect(book.find("1000-0")).toBe("blocked");
  });

  it("I10: forgets none that is young, also when the clock jumps a year ahead", () => {
    const book = new RefusalBook();
    fill(book, 10, 1_000);
    book.write("later", "blocked", 1_000 + 365 * DAY_MS);
    book.copy().write("still later", "blocked", 1_000 + 730 * DAY_MS);
    expect(book.size).toBe(11);
    expect(book.find("1000-0")).toBe("blocked");
  });

  it("holds what seven days bring, however long it is used", () => {
    const book = new RefusalBook();
    for (let day = 0; day < 60; day++) fill(book, 50, day * DAY_MS);
    expect(book.size).toBe(8 * 50);
  });
});
