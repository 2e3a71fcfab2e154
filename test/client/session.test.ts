import { describe, expect, it } from "vitest";
import { CLOSE } from "../../src/core/close-codes.js";
import { ImError } from "../../src/core/errors.js";
import { bench, online, sendTexts } from "./bench.js";
import { FakePlatform, loginAck, nack, push, uplinkAck } from "./fake-platform.js";
import { FaultyStore } from "./faulty-store.js";

describe("session: signing in", () => {
  it("does nothing before connect or send", async () => {
    const { platform, im, states } = bench();
    await platform.time.advance(60_000);
    expect([im.state.name, im.userId, platform.sockets.length, states()]).toEqual(["offline", null, 0, []]);
  });

  it("goes over connecting to online, and connect resolves", async () => {
    const { states, im, socket } = await online();
    expect(states()).toEqual(["connecting", "online"]);
    expect([im.userId, socket.url]).toEqual(["alice", "ws://chat.test/ws"]);
  });

  it("Q11: names its instance, cursor, last message and epoch at every login", async () => {
    const { platform, socket } = await online({ deviceKind: "phone" });
    expect(socket.login).toMatchObject({ token: "token-1", cursor: 0, cursorMessageId: null, syncEpoch: "" });
    socket.say(push(1), push(2));
    await platform.settle();
    socket.end();
    const next = await platform.nextSocket();
    next.open();
    expect(next.login).toMatchObject({ cursor: 2, syncEpoch: "epoch-1", deviceKind: "phone" });
    expect(next.login.cursorMessageId).toMatch(/02$/);
    expect(next.login.instanceId).toEqual(socket.login.instanceId);
  });

  it("is syncing until it has reached the head that the login named", async () => {
    const { platform, told, socket } = await online({}, { headSeq: 3 });
    socket.say(push(1), push(2));
    await platform.settle();
    socket.say(push(3));
    await platform.settle();
    expect(told.state.slice(1)).toEqual([
      { name: "syncing", cursor: 0, head: 3 },
      { name: "syncing", cursor: 2, head: 3 },
      { name: "online" },
    ]);
  });

  it("gives up a socket that does not open within ten seconds", async () => {
    const { platform, im, told } = bench();
    void im.connect();
    await platform.time.advance(10_000);
    expect(platform.sockets[0]?.closedByClient).toBe(CLOSE.normal);
    expect(told.state[1]).toMatchObject({ name: "waiting", reason: expect.stringContaining("did not open") });
  });

  it("gives up a login that is not answered within ten seconds", async () => {
    const { platform, im, told } = bench();
    void im.connect();
    await platform.settle();
    platform.socket.open();
    await platform.time.advance(9_999);
    expect(im.state.name).toBe("connecting");
    await platform.time.advance(1);
    expect(told.state[1]).toMatchObject({ name: "waiting", reason: expect.stringContaining("login") });
  });

  it("shows what was pushed in the same frame as the login's answer", async () => {
    const { platform, im, shown } = bench();
    void im.connect();
    await platform.settle();
    platform.socket.open();
    platform.socket.say(loginAck({ headSeq: 2 }), push(1), push(2));
    await platform.settle();
    expect([shown(), im.state.name]).toEqual([[1, 2], "online"]);
  });

  it("refuses to sign in another user on the same store", async () => {
    const first = await online();
    await first.im.close();
    const second = bench({ store: first.store });
    const refused = expect(second.im.connect()).rejects.toMatchObject({
      code: "forbidden",
      message: /belongs to user alice/,
    });
    await second.platform.settle();
    await second.platform.accept({ userId: "mallory" });
    await refused;
    expect(second.im.state.name).toBe("closed");
    expect(second.im.userId).toBe("alice");
  });

  it("resolves connect for everyone who waits, also when asked twice", async () => {
    const { platform, im } = bench();
    const both = Promise.all([im.connect(), im.connect()]);
    await platform.settle();
    await platform.accept();
    await both;
    await im.connect();
    expect(platform.sockets).toHaveLength(1);
  });
});

describe("session: coming back", () => {
  it("comes back after a lost connection, with growing waits", async () => {
    const { platform, told, im } = bench();
    void im.connect();
    await platform.settle();
    for (let round = 0; round < 8; round++) {
      platform.socket.end();
      await platform.nextSocket();
    }
    const waits = told.state.flatMap((state) => (state.name === "waiting" ? [state.retryInMs] : []));
    const ceilings = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
    expect(waits.map((wait, index) => wait <= (ceilings[index] ?? 0))).toEqual(ceilings.map(() => true));
    expect(Math.max(...waits)).toBeGreaterThan(1_000);
    expect(told.state.filter((state) => state.name === "connecting").map((state) => state.attempt)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  it("begins the backoff anew only after a connection that lived", async () => {
    const platform = new FakePlatform();
    const { im, told } = bench({}, platform);
    void im.connect();
    await platform.settle();
    const endAfter = async (ms: number) => {
      await platform.accept();
      await platform.time.advance(ms);
      platform.socket.end();
      const { state } = im;
      await platform.nextSocket();
      return state.name === "waiting" ? state.retryInMs : -1;
    };
    const short = [];
    for (let round = 0; round < 12; round++) short.push(await endAfter(100));
    expect(Math.max(...short)).toBeGreaterThan(500);
    await endAfter(6_000);
    expect(await endAfter(6_000)).toBeLessThanOrEqual(500);
    expect(told.error).toEqual([]);
  });

  it("tries at once when the network is back", async () => {
    const { platform, im } = bench();
    void im.connect();
    await platform.settle();
    for (let round = 0; round < 6; round++) {
      platform.socket.end();
      expect(im.state.name).toBe("waiting");
      platform.wake();
      await platform.settle();
    }
    expect([platform.time.elapsed, platform.sockets.length]).toEqual([0, 7]);
  });

  it("drops a connection that a wake-up finds dead", async () => {
    const { platform, im, socket } = await online();
    platform.wake();
    expect(socket.of("heartbeat")).toHaveLength(1);
    await platform.time.advance(8_000);
    expect(im.state.name).not.toBe("online");
  });

  it("honours the time that a refused login names, also when the network wakes up", async () => {
    const { platform, im, told } = bench();
    void im.connect();
    await platform.settle();
    platform.socket.open();
    platform.socket.say(nack(0, "busy", { retryAfterMs: 20_000 }));
    expect(told.state[1]).toMatchObject({ name: "waiting", retryInMs: 20_000 });
    platform.wake();
    await platform.time.advance(19_999);
    expect(platform.sockets).toHaveLength(1);
    await platform.time.advance(1);
    expect(platform.sockets).toHaveLength(2);
  });

  it("P16: drops a connection on which nothing was received for two heartbeats", async () => {
    const { platform, socket, told } = await online({}, { heartbeatMs: 10_000 });
    await platform.time.advance(10_000);
    expect(socket.of("heartbeat")).toHaveLength(1);
    await platform.time.advance(10_000);
    expect(told.state[2]).toMatchObject({ name: "waiting", reason: expect.stringContaining("two heartbeats") });
  });

  it("Q10: signs in again when a head stays out of reach over a whole heartbeat", async () => {
    const { platform, socket, im, told } = await online();
    const beat = () => socket.say({ kind: "heartbeat", cursor: 0, headSeq: 2, serverTime: 0 });
    beat();
    socket.say(push(1));
    await platform.settle();
    beat();
    expect(im.state.name).toBe("online");
    beat();
    expect(told.state[2]).toMatchObject({ name: "waiting", reason: "items after 1 did not arrive" });
    const next = await platform.nextSocket();
    next.open();
    expect(next.login.cursor).toBe(1);
  });

  it("drops a connection that talks nonsense", async () => {
    const { socket, told } = await online();
    socket.sayBytes(0xff, 0xff);
    expect(told.state[2]).toMatchObject({ name: "waiting", reason: expect.stringContaining("no frame") });
  });

  it("D3: after a GoAway transmits nothing new, and comes back after the time named", async () => {
    const { platform, im, socket, told } = await online();
    sendTexts(im, "one");
    await platform.settle();
    socket.say({ kind: "go_away", reconnectAfterMs: 7_000 });
    sendTexts(im, "two");
    await platform.settle();
    socket.say(uplinkAck(socket.uplinks[0]?.clientId ?? 0));
    await platform.settle();
    expect([socket.uplinks.length, told.sent.length]).toEqual([1, 1]);
    socket.end(CLOSE.restart);
    expect(im.state).toMatchObject({ name: "waiting", retryInMs: 7_000 });
    await platform.nextSocket();
    await platform.accept();
    expect(platform.socket.uplinks).toHaveLength(1);
  });

  it("leaves by itself ten seconds after a GoAway", async () => {
    const { platform, im, socket } = await online();
    socket.say({ kind: "go_away", reconnectAfterMs: 1_000 });
    await platform.time.advance(10_000);
    expect(im.state).toMatchObject({ name: "waiting", retryInMs: 1_000 });
  });

  it("drops a connection that answers no uplink for eight seconds, and transmits again", async () => {
    const { platform, im, socket } = await online();
    sendTexts(im, "one");
    await platform.time.advance(8_000);
    expect(socket.closedByClient).toBe(CLOSE.normal);
    if (platform.sockets.length === 1) await platform.nextSocket();
    await platform.accept();
    expect(platform.socket.uplinks).toEqual(socket.uplinks);
  });
});

describe("session: the end", () => {
  it.each([
    [CLOSE.notBinary, "invalid_argument"],
    [CLOSE.badFrame, "invalid_argument"],
    [CLOSE.forbidden, "forbidden"],
    [CLOSE.replaced, "closed"],
    [CLOSE.kicked, "closed"],
    [CLOSE.tooLarge, "too_large"],
  ])("is for good after close code %i (%s)", async (closeCode, code) => {
    const { platform, im, socket } = await online();
    socket.end(closeCode);
    expect(await im.closed).toMatchObject({ name: "closed", closeCode, error: { code } });
    await platform.time.advance(60_000);
    expect(platform.sockets).toHaveLength(1);
  });

  it.each([CLOSE.normal, CLOSE.goingAway, CLOSE.restart, CLOSE.idle, CLOSE.flooding, CLOSE.slowReader, 4999])(
    "is not for good after close code %i",
    async (closeCode) => {
      const { platform, socket } = await online();
      socket.end(closeCode);
      await platform.nextSocket();
      expect(platform.sockets).toHaveLength(2);
    },
  );

  it("carries the text of a kick", async () => {
    const { im, socket } = await online();
    socket.say({ kind: "kick", code: CLOSE.kicked, text: "revoked" });
    socket.end(CLOSE.kicked);
    expect((await im.closed).error.message).toBe("revoked");
  });

  it("rejects connect, then and later", async () => {
    const { platform, im } = bench();
    const connected = im.connect();
    await platform.settle();
    platform.socket.open();
    platform.socket.say(nack(0, "forbidden", { text: "too many devices" }));
    await expect(connected).rejects.toMatchObject({ code: "forbidden", message: "too many devices" });
    await expect(im.connect()).rejects.toMatchObject({ code: "forbidden" });
  });

  it("comes by close(): says goodbye, names the cursor, resolves closed, and rejects what follows", async () => {
    const { platform, im, socket } = await online();
    socket.say(push(1));
    await platform.settle();
    await im.close();
    expect(socket.of("push_ack")).toEqual([{ kind: "push_ack", cursor: 1 }]);
    expect(socket.closedByClient).toBe(CLOSE.normal);
    expect(await im.closed).toMatchObject({ name: "closed", closeCode: null, error: { code: "closed" } });
    await expect(im.connect()).rejects.toMatchObject({ code: "closed" });
    await expect(im.send({ to: { userId: "bob" }, text: "late" })).rejects.toMatchObject({ code: "closed" });
    await im.close();
    await platform.time.advance(60_000);
    expect(platform.sockets).toHaveLength(1);
  });

  it("ends a try in the middle, whatever it waits for", async () => {
    for (const steps of [0, 1, 2, 3]) {
      const { platform, im } = bench();
      const connected = im.connect();
      connected.catch(() => {});
      if (steps > 0) await platform.settle();
      if (steps > 1) platform.socket.open();
      if (steps > 2) platform.socket.end();
      await im.close();
      await platform.time.advance(60_000);
      expect(im.state.name).toBe("closed");
      expect(platform.sockets.length).toBe(steps > 0 ? 1 : 0);
    }
  });

  it("does not open the store when it is closed before", async () => {
    const store = new FaultyStore();
    const { platform, im, told } = bench({ store });
    im.connect().catch(() => {});
    await im.close();
    await platform.settle();
    expect([store.changes, told.error]).toEqual([[], []]);
    await expect(store.known([])).rejects.toMatchObject({ code: "unavailable" });
  });

  it("closes a store that is just being read only after that, and dials no more", async () => {
    const store = new FaultyStore();
    store.hold();
    const { platform, im, told } = bench({ store });
    im.connect().catch(() => {});
    await platform.settle();
    const closed = im.close();
    store.release();
    await closed;
    await platform.time.advance(60_000);
    expect([platform.sockets.length, told.error]).toEqual([0, []]);
    await expect(store.known([])).rejects.toMatchObject({ code: "unavailable" });
  });

  it("hears nothing from a socket it has left", async () => {
    const { platform, im, socket, shown } = await online();
    await im.close();
    socket.say(push(1));
    socket.end();
    await platform.settle();
    expect([shown(), im.state.name]).toEqual([[], "closed"]);
  });
});

/** A client that has just shown a new token on its connection; its token function has no other any more. */
async function renewing() {
  const platform = new FakePlatform();
  const endMs = platform.runtime.now() + 100_000;
  let calls = 0;
  const token = () => (++calls === 1 ? { token: "old", expiresAt: endMs } : { token: "new", expiresAt: endMs * 2 });
  const { im } = bench({ token }, platform);
  void im.connect();
  await platform.settle();
  const socket = await platform.accept({ heartbeatMs: 600_000 });
  await platform.time.advance(90_000);
  const fresh = { kind: "token" as const, token: "new" };
  expect(socket.of("token")).toEqual([fresh]);
  return { platform, im, socket, fresh };
}

describe("session: tokens", () => {
  it("ends when the server refuses a fixed token", async () => {
    const { platform, im, socket } = await online();
    socket.end(CLOSE.unauthenticated);
    expect(im.state.name).toBe("waiting");
    await platform.time.advance(30_000);
    expect(await im.closed).toMatchObject({ error: { code: "unauthenticated" } });
    expect(platform.sockets).toHaveLength(1);
  });

  it("gets another token when the server refuses one", async () => {
    const tokens = ["stale", "fresh"];
    const { platform, im } = bench({ token: () => tokens.shift() ?? "none" });
    void im.connect();
    await platform.settle();
    platform.socket.open();
    platform.socket.say(nack(0, "unauthenticated"));
    const next = await platform.nextSocket();
    next.open();
    expect(next.login.token).toBe("fresh");
  });

  it("ends when the token function returns the refused token again", async () => {
    const { platform, im } = bench({ token: async () => "stale" });
    const connected = im.connect();
    await platform.settle();
    platform.socket.open();
    platform.socket.say(nack(0, "unauthenticated"));
    const refused = expect(connected).rejects.toMatchObject({ code: "unauthenticated", message: /same one again/ });
    await platform.time.advance(1_000);
    await refused;
  });

  it("comes back with the same token when the server says that the login came too late", async () => {
    const { platform, im } = bench({ token: "fixed" });
    void im.connect();
    await platform.settle();
    platform.socket.open();
    platform.socket.end(CLOSE.unauthenticated);
    const next = await platform.nextSocket();
    next.open();
    expect(next.login.token).toBe("fixed");
  });

  it("waits and asks again when the token function fails", async () => {
    let calls = 0;
    const token = () => {
      if (++calls === 1) throw new Error("offline");
      return "fine";
    };
    const { platform, im, told } = bench({ token });
    void im.connect();
    await platform.nextSocket();
    platform.socket.open();
    expect([platform.socket.login.token, told.error[0]?.code]).toEqual(["fine", "operation_failed"]);
  });

  it("ends when the token function says that nobody is signed in", async () => {
    const { platform, im } = bench({
      token: () => {
        throw new ImError("unauthenticated", { message: "signed out" });
      },
    });
    const refused = expect(im.connect()).rejects.toMatchObject({ code: "unauthenticated", message: "signed out" });
    await platform.settle();
    await refused;
  });

  it("renews a token in band before its end, once", async () => {
    const platform = new FakePlatform();
    let calls = 0;
    const token = () => ({ token: `token-${++calls}`, expiresAt: platform.runtime.now() + 600_000 });
    const { im } = bench({ token }, platform);
    void im.connect();
    await platform.settle();
    const socket = await platform.accept({ heartbeatMs: 600_000 });
    await platform.time.advance(569_999);
    expect(socket.of("token")).toEqual([]);
    await platform.time.advance(1);
    expect(socket.of("token")).toEqual([{ kind: "token", token: "token-2" }]);
    socket.say(loginAck({ seq: 900, headSeq: 900, reset: true }));
    await platform.settle();
    expect([im.state.name, calls]).toEqual(["online", 2]);
  });

  it("leaves it to the server to end a connection whose new token it refused", async () => {
    const { platform, im, socket } = await online({ token: () => "old" });
    socket.say(nack(0, "unauthenticated"));
    await platform.settle();
    expect(im.state.name).toBe("online");
    socket.end(CLOSE.unauthenticated);
    await platform.time.advance(1_000);
    expect((await im.closed).error.code).toBe("unauthenticated");
  });

  it.each(["busy", "rate_limited"] as const)("shows a new token again that the server was too %s for", async (code) => {
    const { platform, im, socket, fresh } = await renewing();
    socket.say(nack(0, code, { retryAfterMs: 5_000 }));
    await platform.time.advance(4_999);
    expect(socket.of("token")).toHaveLength(1);
    await platform.time.advance(1);
    expect(socket.of("token")).toEqual([fresh, fresh]);
    expect(im.state.name).toBe("online");
  });

  it("comes back with the new token when the old one ended before the server could look at it", async () => {
    const { platform, socket, fresh } = await renewing();
    socket.say(nack(0, "busy"));
    socket.end(CLOSE.unauthenticated);
    const next = await platform.nextSocket();
    next.open();
    expect(next.login.token).toBe(fresh.token);
  });

  it("does not come back with a new token that the server accepted and then ended", async () => {
    const { platform, im, socket } = await renewing();
    socket.say(loginAck());
    socket.end(CLOSE.unauthenticated);
    await platform.time.advance(1_000);
    expect((await im.closed).error.code).toBe("unauthenticated");
  });

  it("does not come back with a new token that the server refused", async () => {
    const { platform, im, socket } = await renewing();
    socket.say(nack(0, "unauthenticated"));
    socket.end(CLOSE.unauthenticated);
    await platform.time.advance(1_000);
    expect((await im.closed).error.code).toBe("unauthenticated");
  });

  it("shows the renewed token at the next login, as long as it lasts", async () => {
    const platform = new FakePlatform();
    let calls = 0;
    const token = () => ({ token: `token-${++calls}`, expiresAt: platform.runtime.now() + 600_000 });
    const { im } = bench({ token }, platform);
    void im.connect();
    await platform.settle();
    (await platform.accept()).end();
    const next = await platform.nextSocket();
    next.open();
    expect([next.login.token, calls]).toEqual(["token-1", 1]);
  });
});
