import { describe, expect, it } from "vitest";
import { UserRate } from "../../../src/server/connections/user-rate.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

function open() {
  const time = new VirtualTime();
  return { time, rate: new UserRate(new VirtualRuntime(time)) };
}

const takeMany = (rate: UserRate, userId: string, count: number): number =>
  Array.from({ length: count }, () => rate.take(userId)).filter(Boolean).length;

describe("the rate of logins", () => {
  it("S9: a user has 20 at once and then 5 in a second", async () => {
    const { time, rate } = open();
    expect(takeMany(rate, "a", 30)).toBe(20);
    await time.advance(1_000);
    expect(takeMany(rate, "a", 30)).toBe(5);
  });

  it("S9: one user's flood leaves others served", () => {
    const { rate } = open();
    takeMany(rate, "a", 1_000);
    expect(rate.take("b")).toBe(true);
  });

  it("S35: of more than 10,000 users those who were quiet are forgotten first", async () => {
    const { time, rate } = open();
    for (let n = 0; n < 9_999; n++) rate.take(`quiet${n}`);
    await time.advance(500);
    takeMany(rate, "flooder", 20);
    rate.take("newcomer");
    expect(rate.take("flooder")).toBe(false);
  });
});
