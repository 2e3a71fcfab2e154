import { describe, expect, it } from "vitest";
import { type TokenOption, TokenSource } from "../../src/client/token.js";
import { TokenRefresh } from "../../src/client/token-refresh.js";
import { VirtualRuntime, VirtualTime } from "../../src/testing/fakes/virtual-time.js";

function sourceOf(option: TokenOption) {
  const time = new VirtualTime();
  const runtime = new VirtualRuntime(time, 1, 0);
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
    expect(await source.get()).toEqual({ token: "t1", refreshAt: 570_000 });
    await time.advance(569_999);
    expect((await source.get()).token).toBe("t1");
    await time.advance(1);
    expect((await source.get()).token).toBe("t2");
  });

  it("renews a short-lived token a tenth of its life before its end", async () => {
    const { source } = sourceOf(() => ({ token: "t", expiresAt: 10_000 }));
    expect((await source.get()).refreshAt).toBe(9_000);
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

  it("does not spin when new tokens have ended already", async () => {
    const bench = refreshing(() => ({ token: "t", expiresAt: 1_000 }));
    bench.refresh.start(await bench.source.get());
    await bench.time.advance(10_900);
    expect(bench.sent.map(([at]) => at)).toEqual([900, 5_900, 10_900]);
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
