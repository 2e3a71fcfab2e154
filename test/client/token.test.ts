import { describe, expect, it } from "vitest";
import { type TokenOption, TokenSource } from "../../src/client/token.js";
import { TokenRefresh } from "../../src/client/token-refresh.js";
import { VirtualRuntime, VirtualTime } from "../../src/testing/fakes/virtual-time.js";

function sourceOf(option: TokenOption, wallStart = 0) {
  const time = new VirtualTime();
  const runtime = new VirtualRuntime(time, 1, wallStart);
  return { time, runtime, source: new TokenSource(option, runtime) };
}

describe("token", () => {
  it("asks a function anew each time when it does not say how long a token lasts", async () => {
    let calls = 0;
    const { source } = sourceOf(() => `t${++calls}`);
    expect([(await source.get()).token, (await source.get()).token]).toEqual(["t1", "t2"]);
  });

  it("uses a token again until 30 s before its end", async () => {
    let calls = 0;
    const { source, time } = sourceOf(() => ({ token: `t${++calls}`, expiresAt: 600_000 }));
    expect(source.refreshInMs(await source.get())).toBe(570_000);
    await time.advance(569_999);
    expect((await source.get()).token).toBe("t1");
    await time.advance(1);
    expect((await source.get()).token).toBe("t2");
  });

  it("renews a short-lived token a tenth of its life before its end", async () => {
    const { source } = sourceOf(() => ({ token: "t", expiresAt: 10_000 }));
    expect(source.refreshInMs(await source.get())).toBe(9_000);
  });

  it.each([-86_400_000, 86_400_000])(
    "measures the end against the server's clock, with %i ms between the two",
    async (aheadMs) => {
      const serverStart = 1_000_000_000 - aheadMs;
      let calls = 0;
      const { source, time } = sourceOf(
        () => ({ token: `t${++calls}`, expiresAt: serverStart + 600_000 }),
        1_000_000_000,
      );
      const first = await source.get();
      await time.advance(1_000);
      source.serverTime(serverStart + 1_000);
      source.serverTime(0);
      expect(source.refreshInMs(first)).toBe(569_000);
      await time.advance(568_999);
      const second = await source.get();
      expect((await source.get()).token).toBe(second.token);
      await time.advance(1);
      expect(source.refreshInMs(second)).toBe(0);
    },
  );

  it("keeps a fresh token when the server refuses an earlier one", async () => {
    let calls = 0;
    const { source } = sourceOf(() => ({ token: `t${++calls}`, expiresAt: 600_000 }));
    const { token } = await source.get();
    await source.renew();
    source.refuse(token);
    expect((await source.get()).token).toBe("t2");
  });

  it("does not use a token again that was refused, however long it lasts", async () => {
    let calls = 0;
    const { source } = sourceOf(() => ({ token: `t${++calls}`, expiresAt: 600_000 }));
    source.refuse((await source.get()).token);
    expect((await source.get()).token).toBe("t2");
  });

  it.each(["fixed", () => "fixed"])(
    "rejects with unauthenticated when there is only the refused one",
    async (option) => {
      const { source } = sourceOf(option);
      source.refuse("fixed");
      await expect(source.get()).rejects.toMatchObject({ code: "unauthenticated" });
    },
  );

  it.each([null, 5, "", { token: "" }, { token: "t", expiresAt: "soon" }, { expiresAt: 5 }])(
    "rejects an answer like %j",
    async (answer) => {
      const { source } = sourceOf(() => answer as string);
      await expect(source.get()).rejects.toMatchObject({ code: "invalid_argument" });
    },
  );

  it("asks the function once when two want a token at the same time", async () => {
    let calls = 0;
    const { source } = sourceOf(async () => `t${++calls}`);
    const both = await Promise.all([source.get(), source.renew()]);
    expect(both.map(({ token }) => token)).toEqual(["t1", "t1"]);
  });

  it("stops waiting for an answer when the client is closed", async () => {
    const { source } = sourceOf(() => new Promise<string>(() => {}));
    const ended = expect(source.get()).rejects.toMatchObject({ code: "unavailable", message: "the client was closed" });
    source.close();
    await ended;
  });

  it("does not wait longer than 30 s for an answer", async () => {
    const { source, time } = sourceOf(() => new Promise<string>(() => {}));
    const late = expect(source.get()).rejects.toMatchObject({ code: "unavailable" });
    await time.advance(30_000);
    await late;
  });
});

describe("token renewal", () => {
  function refreshing(option: TokenOption) {
    const made = sourceOf(option);
    const sent: [number, string][] = [];
    const failures: number[] = [];
    const refresh = new TokenRefresh(made.runtime, made.source, {
      send: (token) => sent.push([made.time.elapsed, token]),
      failed: () => failures.push(made.time.elapsed),
    });
    return { ...made, refresh, sent, failures };
  }

  it("goes on with the end of each new token", async () => {
    let calls = 0;
    const bench = refreshing(() => ({ token: `t${++calls}`, expiresAt: bench.time.elapsed + 100_000 }));
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(200_000);
    expect(bench.sent).toEqual([
      [90_000, "t2"],
      [180_000, "t3"],
    ]);
  });

  it("tries again after 5 s when the function fails", async () => {
    let calls = 0;
    const bench = refreshing(() => {
      if (++calls === 2) throw new Error("offline");
      return { token: `t${calls}`, expiresAt: 100_000 * calls };
    });
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(100_000);
    expect([bench.failures, bench.sent]).toEqual([[90_000], [[95_000, "t3"]]]);
  });

  it("asks ever more rarely, at least every 5 min, when new tokens have ended already", async () => {
    const bench = refreshing(() => ({ token: "t", expiresAt: 1_000 }));
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(1_300_000);
    const times = bench.sent.map(([at]) => at);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(times[0]).toBe(900);
    expect(pauses).toEqual([5_000, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  });

  it.each([
    [0, 5_000],
    [7_000, 7_000],
    [86_400_000, 300_000],
  ])("shows the same token again when the server is busy and asks for %i ms", async (askedMs, waitedMs) => {
    let calls = 0;
    const bench = refreshing(() => (++calls === 1 ? { token: "t1", expiresAt: 100_000 } : "t2"));
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(90_000);
    bench.refresh.busy(askedMs);
    await bench.time.advance(1_000_000);
    expect([bench.sent, calls]).toEqual([
      [
        [90_000, "t2"],
        [90_000 + waitedMs, "t2"],
      ],
      2,
    ]);
  });

  it("gets another token when the one to show again has come to its end meanwhile", async () => {
    let calls = 0;
    const bench = refreshing(() => ({ token: `t${++calls}`, expiresAt: calls * 100_000 }));
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(90_000);
    bench.refresh.busy(100_000);
    await bench.time.advance(100_000);
    expect(bench.sent).toEqual([
      [90_000, "t2"],
      [190_000, "t3"],
    ]);
  });

  it("knows which token the server judged last", async () => {
    let calls = 0;
    const bench = refreshing(() => ({ token: `t${++calls}`, expiresAt: calls * 100_000 }));
    const judged = [bench.refresh.judged];
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(90_000);
    judged.push(bench.refresh.judged);
    bench.refresh.accepted();
    judged.push(bench.refresh.judged);
    await bench.time.advance(100_000);
    bench.refresh.busy(0);
    judged.push(bench.refresh.judged);
    await bench.time.advance(5_000);
    bench.refresh.refused();
    expect([...judged, bench.refresh.judged]).toEqual([null, "t1", "t2", "t2", "t3"]);
  });

  it("takes an answer for that of the oldest token without one", async () => {
    let calls = 0;
    const bench = refreshing(() => ({ token: `t${++calls}`, expiresAt: calls * 100_000 }));
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(192_000);
    bench.refresh.refused();
    const judged = [bench.refresh.judged];
    bench.refresh.accepted();
    expect([bench.sent.map(([, token]) => token), ...judged, bench.refresh.judged]).toEqual([["t2", "t3"], "t2", "t3"]);
  });

  it("does not show a token again that the server was too busy for when a later one is under way", async () => {
    let calls = 0;
    const bench = refreshing(() => (++calls === 3 ? "t3" : { token: `t${calls}`, expiresAt: calls * 100_000 }));
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(192_000);
    bench.refresh.busy(0);
    await bench.time.advance(100_000);
    expect(bench.sent.map(([, token]) => token)).toEqual(["t2", "t3"]);
  });

  it("is silent for a token without an end, and after its own end", async () => {
    const endless = refreshing("fixed");
    endless.refresh.start(await endless.source.get());
    const ended = refreshing(() => ({ token: "t", expiresAt: 1_000 }));
    ended.refresh.start(await ended.source.get());
    ended.refresh.stop();
    await endless.time.advance(100_000);
    await ended.time.advance(100_000);
    expect([endless.sent, ended.sent]).toEqual([[], []]);
  });
});
