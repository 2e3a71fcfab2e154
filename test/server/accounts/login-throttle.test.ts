import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LoginThrottle } from "../../../src/server/accounts/login-throttle.js";
import { networkOf } from "../../../src/server/accounts/network-of.js";
import { RecentMap } from "../../../src/server/accounts/recent-map.js";
import { RegistrationRate } from "../../../src/server/accounts/registration-rate.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

function open() {
  const time = new VirtualTime();
  return { time, throttle: new LoginThrottle(new VirtualRuntime(time)) };
}

const wait = (throttle: LoginThrottle, account: string, address: string | null) =>
  throttle.take(account, address).retryAfterMs;

/** Signs in; must be let in. */
function signIn(throttle: LoginThrottle, account: string, address: string): void {
  const attempt = throttle.take(account, address);
  if (attempt.retryAfterMs !== null) throw new Error(`told to wait ${attempt.retryAfterMs} ms`);
  throttle.succeeded(attempt);
}

/** The most of these moments that lie in one minute. */
const mostInAMinute = (times: readonly number[]): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));

describe("failures of one account from one address", () => {
  it("five are free, then the next waits 1 s, 2 s, 4 s up to a minute", async () => {
    const { time, throttle } = open();
    const waits: (number | null)[] = [];
    for (let n = 0; n < 5; n++) waits.push(wait(throttle, "a", "1.1.1.1"));
    for (let n = 0; n < 8; n++) {
      const retryAfterMs = wait(throttle, "a", "1.1.1.1") ?? 0;
      waits.push(retryAfterMs);
      await time.advance(retryAfterMs);
      waits.push(wait(throttle, "a", "1.1.1.1"));
    }
    const seconds = [1, 2, 4, 8, 16, 32, 60, 60].flatMap((s) => [s * 1_000, null]);
    expect(waits).toEqual([null, null, null, null, null, ...seconds]);
  });

  it("are forgotten a minute after the delay", async () => {
    const { time, throttle } = open();
    for (let n = 0; n < 5; n++) wait(throttle, "a", "1.1.1.1");
    await time.advance(61_000);
    expect([1, 2, 3, 4, 5].map(() => wait(throttle, "a", "1.1.1.1"))).toEqual([null, null, null, null, null]);
  });

  it("are no streak when they come one by one", async () => {
    const { time, throttle } = open();
    for (let n = 0; n < 50; n++) {
      expect(wait(throttle, "a", "1.1.1.1")).toBeNull();
      await time.advance(15_000);
    }
  });

  it("are forgotten with the first success", () => {
    const { throttle } = open();
    for (let n = 0; n < 4; n++) wait(throttle, "a", "1.1.1.1");
    signIn(throttle, "a", "1.1.1.1");
    for (let n = 0; n < 5; n++) expect(wait(throttle, "a", "1.1.1.1")).toBeNull();
    expect(wait(throttle, "a", "1.1.1.1")).toBe(1_000);
  });

  it("do not count when nothing was found out", () => {
    const { throttle } = open();
    for (let n = 0; n < 200; n++) {
      const attempt = throttle.take("a", "1.1.1.1");
      if (attempt.retryAfterMs === null) throttle.abandoned(attempt);
      expect(attempt.retryAfterMs).toBeNull();
    }
  });

  it("give back the longer delay, too, when nothing was found out", async () => {
    const { time, throttle } = open();
    for (let n = 0; n < 6; n++) await time.advance(wait(throttle, "a", "1.1.1.1") ?? 0);
    const attempt = throttle.take("a", "1.1.1.1");
    if (attempt.retryAfterMs === null) throttle.abandoned(attempt);
    expect(wait(throttle, "a", "1.1.1.1")).toBeNull();
    expect(wait(throttle, "a", "1.1.1.1")).toBe(2_000);
  });

  it("are no more than ten in any minute, however they are spread", () => {
    const gaps = fc.array(fc.oneof(fc.nat(2_000), fc.nat(30_000), fc.constant(0), fc.nat(130_000)), { maxLength: 120 });
    return fc.assert(
      fc.asyncProperty(gaps, async (steps) => {
        const { time, throttle } = open();
        const failures: number[] = [];
        for (const step of steps) {
          await time.advance(step);
          if (wait(throttle, "a", "1.1.1.1") === null) failures.push(time.elapsed);
        }
        expect(mostInAMinute(failures)).toBeLessThanOrEqual(10);
      }),
      { numRuns: 60 },
    );
  });

  it("are no more than ten in a minute for who always comes as early as allowed", async () => {
    const { time, throttle } = open();
    const failures: number[] = [];
    while (time.elapsed < 600_000) {
      const retryAfterMs = wait(throttle, "a", "1.1.1.1");
      if (retryAfterMs === null) failures.push(time.elapsed);
      else await time.advance(retryAfterMs);
    }
    expect(mostInAMinute(failures)).toBe(10);
  });
});

describe("failures of one address", () => {
  it("are no more than 30 in any minute, over all accounts, also where some sign in", () => {
    const step = fc.record({ gap: fc.oneof(fc.constant(0), fc.nat(3_000)), account: fc.nat(99), right: fc.boolean() });
    return fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 50, maxLength: 150 }), async (steps) => {
        const { time, throttle } = open();
        const failures: number[] = [];
        for (const { gap, account, right } of steps) {
          await time.advance(gap);
          const attempt = throttle.take(`a${account}`, "1.1.1.1");
          if (attempt.retryAfterMs === null && right) throttle.succeeded(attempt);
          if (attempt.retryAfterMs === null && !right) failures.push(time.elapsed);
        }
        expect(mostInAMinute(failures)).toBeLessThanOrEqual(30);
      }),
      { numRuns: 40 },
    );
  });

  it("say when a repeat makes sense, and then it is let in", async () => {
    const { time, throttle } = open();
    await time.advance(1_234.5);
    for (let n = 0; n < 30; n++) wait(throttle, `a${n}`, "1.1.1.1");
    const retryAfterMs = wait(throttle, "b", "1.1.1.1") ?? 0;
    expect(retryAfterMs).toBe(60_000);
    await time.advance(retryAfterMs);
    expect(wait(throttle, "b", "1.1.1.1")).toBeNull();
  });

  it("are not made by those who sign in", () => {
    const { throttle } = open();
    for (let n = 0; n < 100; n++) signIn(throttle, `a${n}`, "1.1.1.1");
  });

  it("count together where nobody says the address", () => {
    const { throttle } = open();
    for (let n = 0; n < 30; n++) wait(throttle, `a${n}`, null);
    expect(wait(throttle, "b", null)).toBe(60_000);
    expect(wait(throttle, "b", "1.1.1.1")).toBeNull();
  });

  it("count together for a whole network of IPv6", () => {
    const { throttle } = open();
    for (let n = 0; n < 30; n++) wait(throttle, `a${n}`, `2001:db8::${n.toString(16)}`);
    expect(wait(throttle, "b", "2001:db8:0:0:ffff::1")).toBe(60_000);
    expect(wait(throttle, "b", "2001:db8:0:1::1")).toBeNull();
  });
});

describe("failures of one account from everywhere", () => {
  const fail = (throttle: LoginThrottle, count: number) => {
    for (let n = 0; n < count; n++) wait(throttle, "a", `6.6.6.${n}`);
  };

  it("are 50 in a minute, not counting those from where it has signed in", () => {
    const { throttle } = open();
    signIn(throttle, "a", "1.1.1.1");
    for (let n = 0; n < 5; n++) wait(throttle, "a", "1.1.1.1");
    fail(throttle, 49);
    expect([wait(throttle, "a", "2.2.2.2"), wait(throttle, "a", "3.3.3.3")]).toEqual([null, 60_000]);
  });

  it("are not made fewer by those who sign in from there in the same moment", () => {
    const { throttle } = open();
    signIn(throttle, "a", "1.1.1.1");
    fail(throttle, 50);
    signIn(throttle, "a", "1.1.1.1");
    expect(wait(throttle, "a", "2.2.2.2")).toBe(60_000);
  });

  it("are not made by signing in from a new place", () => {
    const { throttle } = open();
    for (let n = 0; n < 100; n++) signIn(throttle, "a", `1.1.1.${n}`);
  });
});

describe("what a throttle remembers", () => {
  it("S35: are 10,000 of each at most, and a flood of refused attempts adds none", () => {
    const { throttle } = open();
    for (let n = 0; n < 5; n++) wait(throttle, "victim", "1.1.1.1");
    for (let n = 0; n < 30; n++) wait(throttle, `a${n}`, "6.6.6.6");
    for (let n = 0; n < 20_000; n++) wait(throttle, `b${n}`, "6.6.6.6");
    expect(wait(throttle, "victim", "1.1.1.1")).toBe(1_000);
  });

  it("S35: forgets the entry nobody has touched for the longest time", () => {
    const map = new RecentMap<number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.get("a");
    map.set("c", 3);
    expect([map.size, map.get("a"), map.get("b"), map.get("c")]).toEqual([2, 1, undefined, 3]);
  });

  it("S35: changes an entry without forgetting another", () => {
    const map = new RecentMap<number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.set("b", 3);
    expect([map.get("a"), map.get("b")]).toEqual([1, 3]);
  });
});

describe("one address in a budget", () => {
  it.each([
    ["10.0.0.1", "10.0.0.1"],
    ["2001:DB8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0db8:0000:0002::6", "2001:db8:0:2"],
    ["2001:db8::6", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["::ffff:1.2.3.4", "::ffff:1.2.3.4"],
    ["1::2::3", "1::2::3"],
    ["1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9"],
    ["somewhere", "somewhere"],
    [null, ""],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe("registrations", () => {
  it("are ten in a minute for one address, and others are not held up", async () => {
    const time = new VirtualTime();
    const rate = new RegistrationRate(new VirtualRuntime(time));
    for (let n = 0; n < 10; n++) expect(rate.take("1.1.1.1")).toBeNull();
    await time.advance(20_000);
    expect(rate.take("1.1.1.1")).toBe(40_000);
    expect(rate.take("1.1.1.2")).toBeNull();
    await time.advance(40_000);
    expect(rate.take("1.1.1.1")).toBeNull();
  });
});
