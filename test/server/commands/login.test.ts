import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import { openStage, upTo } from "../fixture.js";
import { heartbeat, instance, legacyLogin, login, pushAck, sync, uplink } from "../raw-client.js";
import { away, Barrier, hangs } from "../storage-switch.js";

describe("signing in", () => {
  it("is answered with who one is, where the stream starts and what time it is", async () => {
    const stage = await openStage();
    await stage.fill("a", 3);
    const device = await stage.device("a");
    const [ack] = device.frames;
    const { syncEpoch } = await stage.storage.messages.readHeads([]);
    expect(ack).toMatchObject({ kind: "login_ack", userId: "a", seq: 0, headSeq: 3, reset: false, syncEpoch });
    expect(ack).toMatchObject({ serverTime: stage.runtime.now(), heartbeatMs: 25_000 });
  });

  it("the answer stands before everything that follows, and what follows starts behind the cursor", async () => {
    const stage = await openStage();
    await stage.fill("a", 5);
    const { syncEpoch } = await stage.storage.messages.readHeads([]);
    const device = await stage.device("a", { cursor: 3, syncEpoch });
    expect(device.kinds).toEqual(["login_ack", "push", "push"]);
    expect(device.pushed).toEqual([4, 5]);
  });

  it("one user on one installation has one origin; another user or installation has another", async () => {
    const stage = await openStage();
    const origins = [];
    for (const [userId, number] of [
      ["a", 1],
      ["a", 1],
      ["a", 2],
      ["b", 1],
    ] as const) {
      const device = await stage.device(userId, { instanceId: instance(number) });
      origins.push(device.last("login_ack").origin);
    }
    expect(origins[0]).toBe(origins[1]);
    expect(new Set(origins).size).toBe(3);
  });

  it("I6: an item committed while the head is read is neither missed nor repeated", async () => {
    const stage = await openStage();
    await stage.fill("a", 2);
    const barrier = new Barrier();
    for (const detour of [barrier.detour, barrier.late]) {
      stage.storage.readInbox = detour;
      const device = await stage.device("a");
      stage.storage.readInbox = null;
      await stage.fill("a", 1);
      barrier.letGo();
      await stage.run();
      const head = (await stage.storage.inbox("a")).length;
      expect(device.pushed).toEqual(upTo(head));
    }
  });
});

describe("a login that is refused", () => {
  it("P18: a token that is not accepted gets a refusal and close 4401", async () => {
    const stage = await openStage();
    const device = await stage.device("bad");
    expect(device.frames).toMatchObject([{ kind: "nack", clientId: 0, code: "unauthenticated" }]);
    expect(device.closed?.code).toBe(4401);
  });

  it("so does an authenticate that throws, in whatever way", async () => {
    for (const thrown of [new Error("no"), "no", null, undefined, new ImError("unauthenticated")]) {
      const authenticate = () => {
        throw thrown;
      };
      const stage = await openStage({ auth: { authenticate } });
      const device = await stage.device("a");
      expect(device.closed?.code).toBe(4401);
    }
  });

  it("an authenticate that cannot tell just now sends the client away to come back: busy and 1012", async () => {
    for (const code of ["busy", "unavailable"] as const) {
      const authenticate = () => Promise.reject(new ImError(code));
      const stage = await openStage({ auth: { authenticate } });
      const device = await stage.device("a");
      expect(device.frames).toMatchObject([{ kind: "nack", clientId: 0, code: "busy" }]);
      expect(device.closed?.code).toBe(1012);
    }
  });

  it("S12: a token that has expired already is refused like any bad one, without a session", async () => {
    const expired = { authenticate: (token: string) => ({ userId: token, expiresAt: 1_000 }) };
    const stage = await openStage({ auth: expired });
    const online: unknown[] = [];
    stage.im.on("online", (event) => online.push(event));
    const device = await stage.device("a");
    expect(device.kinds).toEqual(["nack"]);
    expect(device.closed?.code).toBe(4401);
    expect(online).toEqual([]);
  });

  it("a storage that is away at login sends the client away to come back", async () => {
    const stage = await openStage();
    stage.storage.readInbox = away;
    const device = await stage.device("a");
    expect(device.frames).toMatchObject([{ kind: "nack", clientId: 0, code: "busy" }]);
    expect(device.closed?.code).toBe(1012);
  });

  it("I14: P5: after failed logins and broken sockets the next login succeeds at once", async () => {
    const stage = await openStage({ devices: "reject-new" });
    stage.storage.readInbox = away;
    await stage.device("a");
    stage.storage.readInbox = hangs;
    const dying = await stage.device("a");
    dying.socket.drop(1006);
    stage.storage.readInbox = null;
    const device = await stage.device("a");
    expect(device.kinds).toEqual(["login_ack"]);
  });

  it("P5: a socket that closes while its token is checked registers nothing", async () => {
    let answer = (_identity: { userId: string }): void => {};
    const authenticate = () => new Promise<{ userId: string }>((resolve) => (answer = resolve));
    const stage = await openStage({ auth: { authenticate } });
    const told: string[] = [];
    stage.im.on("online", () => told.push("online"));
    const device = await stage.device("a");
    device.socket.drop(1006);
    answer({ userId: "a" });
    await stage.run();
    expect(await stage.im.sessions.disconnect("a")).toBe(0);
    expect(told).toEqual([]);
    expect(stage.storage.calls).toEqual([]);
  });

  it("a check of the token or a storage that never ends is given up after 15 s with 1012", async () => {
    const endless = await openStage({ auth: { authenticate: () => new Promise<never>(() => {}) } });
    const stuck = await openStage();
    stuck.storage.readInbox = hangs;
    for (const stage of [endless, stuck]) {
      const device = await stage.device("a");
      await stage.run(14_000);
      expect(device.closed).toBeNull();
      await stage.run(2_000);
      expect(device.closed?.code).toBe(1012);
    }
  });

  it("S9: beyond 20 logins at once a user is told to slow down and to come back", async () => {
    const stage = await openStage();
    for (let n = 0; n < 20; n++) expect((await stage.device("a")).kinds).toEqual(["login_ack"]);
    const device = await stage.device("a");
    expect(device.frames).toMatchObject([{ kind: "nack", clientId: 0, code: "rate_limited" }]);
    expect(device.closed?.code).toBe(1012);
    expect((await stage.device("b")).kinds).toEqual(["login_ack"]);
  });
});

describe("frames at the wrong time", () => {
  it("P17: S3: a socket that stays silent is closed after 5 s with 4401", async () => {
    const stage = await openStage();
    const silent = stage.dial();
    await stage.run(4_900);
    expect(silent.closed).toBeNull();
    await stage.run(1_100);
    expect(silent.closed?.code).toBe(4401);
  });

  it("every frame before the login closes with 4400", async () => {
    const stage = await openStage();
    const early = [heartbeat(), uplink(1, "b", "x"), pushAck(1), sync(0), { kind: "token", token: "a" } as const];
    for (const frame of early) {
      const client = stage.dial();
      client.send(frame);
      await stage.run();
      expect(client.closed?.code).toBe(4400);
    }
    expect(await stage.storage.inbox("b")).toEqual([]);
  });

  it("a second login closes with 4400", async () => {
    const stage = await openStage();
    const device = await stage.device("a");
    device.send(login("a"));
    await stage.run();
    expect(device.closed?.code).toBe(4400);
  });

  it("P19: frames right behind the login wait for it and are carried out in order", async () => {
    const stage = await openStage();
    const barrier = new Barrier();
    stage.storage.readInbox = barrier.detour;
    const client = stage.dial();
    client.send(login("a"), uplink(1, "b", "one"), uplink(2, "b", "two"), heartbeat());
    await stage.run();
    expect(client.kinds).toEqual([]);
    barrier.letGo();
    stage.storage.readInbox = null;
    await stage.run();
    expect(client.of("uplink_ack").map(({ clientId }) => clientId)).toEqual([1, 2]);
    expect(client.kinds.slice(0, 1)).toEqual(["login_ack"]);
  });

  it("P19: frames behind a login that is refused do nothing", async () => {
    const stage = await openStage();
    const client = stage.dial();
    client.send(login("bad"), uplink(1, "b", "x"));
    await stage.run();
    expect(client.kinds).toEqual(["nack"]);
    expect(stage.storage.batches).toEqual([]);
  });

  it("B4: six bytes without a message close their own connection with 4400 and nothing else", async () => {
    const stage = await openStage();
    const [attacker, other] = [await stage.device("a"), await stage.device("b")];
    attacker.sendBytes(Uint8Array.of(0x08, 0x03, 0x12, 0x02, 0x10, 0x01));
    await stage.run();
    expect(attacker.closed?.code).toBe(4400);
    other.send(uplink(1, "c", "x"));
    await stage.run();
    expect(other.of("uplink_ack")).toHaveLength(1);
  });

  it("I16: bytes that are no frame close with 4400, before and after the login", async () => {
    const stage = await openStage();
    for (const bytes of [[], [0xff], [0x08, 0x63], Array.from({ length: 300 }, (_, i) => (i * 37) & 0xff)]) {
      for (const client of [stage.dial(), await stage.device("a")]) {
        client.sendBytes(Uint8Array.from(bytes));
        await stage.run();
        expect(client.closed?.code).toBe(4400);
      }
    }
  });
});

describe("a login whose place is not in this history", () => {
  async function stageWith(count: number) {
    const stage = await openStage();
    await stage.fill("a", count);
    const ids = (await stage.storage.inbox("a")).map(({ message }) => message.messageId);
    const { syncEpoch } = await stage.storage.messages.readHeads([]);
    return { stage, ids, syncEpoch };
  }

  it("a new client, without cursor and epoch, is not reset", async () => {
    const { stage } = await stageWith(2);
    expect((await stage.device("a")).last("login_ack")).toMatchObject({ reset: false, seq: 0 });
  });

  it("I18: another epoch is a reset to the base, and everything above it comes", async () => {
    const { stage, syncEpoch } = await stageWith(3);
    await stage.storage.markRestored();
    await stage.fill("a", 2);
    const device = await stage.device("a", { cursor: 4, syncEpoch });
    expect(device.last("login_ack")).toMatchObject({ reset: true, seq: 3, headSeq: 5 });
    expect(device.last("login_ack").syncEpoch).not.toBe(syncEpoch);
    expect(device.pushed).toEqual([4, 5]);
  });

  it("I18: another epoch with a cursor below the base is a reset to the cursor", async () => {
    const { stage, syncEpoch } = await stageWith(3);
    await stage.storage.markRestored();
    const device = await stage.device("a", { cursor: 1, syncEpoch });
    expect(device.last("login_ack")).toMatchObject({ reset: true, seq: 1 });
    expect(device.pushed).toEqual([2, 3]);
  });

  it("I18: a cursor beyond the head is a reset", async () => {
    const { stage, syncEpoch } = await stageWith(2);
    const device = await stage.device("a", { cursor: 3, syncEpoch });
    expect(device.last("login_ack")).toMatchObject({ reset: true, seq: 0 });
    expect(device.pushed).toEqual([1, 2]);
  });

  it("I18: another message at the cursor is a reset; the right one is not", async () => {
    const { stage, ids, syncEpoch } = await stageWith(2);
    const right = await stage.device("a", { cursor: 2, syncEpoch, cursorMessageId: ids[1] as string });
    expect(right.last("login_ack")).toMatchObject({ reset: false, seq: 2 });
    const wrong = await stage.device("a", { cursor: 2, syncEpoch, cursorMessageId: ids[0] as string });
    expect(wrong.last("login_ack")).toMatchObject({ reset: true, seq: 0 });
    expect(wrong.pushed).toEqual([1, 2]);
  });

  it("I18: one client's claim resets that client only", async () => {
    const { stage, syncEpoch } = await stageWith(2);
    await stage.device("a", { cursor: 999, syncEpoch: "nonsense" });
    const other = await stage.device("a", { cursor: 2, syncEpoch });
    expect(other.last("login_ack")).toMatchObject({ reset: false, seq: 2, syncEpoch });
  });

  it("I18: a storage restored under a living connection closes it with 1012 at the next news", async () => {
    const { stage } = await stageWith(1);
    const device = await stage.device("a");
    await stage.storage.markRestored();
    await stage.run(30_000);
    expect(device.closed?.code).toBe(1012);
  });

  it("a storage restored during a login tells nobody of a session that never was", async () => {
    const { stage } = await stageWith(1);
    const told: string[] = [];
    stage.im.on("online", () => told.push("online"));
    stage.im.on("offline", () => told.push("offline"));
    const barrier = new Barrier();
    stage.storage.readInbox = barrier.late;
    const device = await stage.device("a");
    stage.storage.readInbox = null;
    await stage.storage.markRestored();
    await stage.fill("a", 1);
    barrier.letGo();
    await stage.run();
    expect(device.closed?.code).toBe(1012);
    expect(told).toEqual([]);
  });
});

describe("a fresh token", () => {
  const expiring = (lifeMs: number) => ({
    authenticate: (token: string) => {
      if (token === "busy") throw new ImError("busy");
      if (token === "bad") return null;
      const [userId = "", from = "0"] = token.split("@");
      return { userId, expiresAt: 1_700_000_000_000 + Number(from) + lifeMs };
    },
  });

  it("S12: without one the connection is told why and closed with 4401 when the token expires", async () => {
    const stage = await openStage({ auth: expiring(10_000) });
    const device = await stage.device("a");
    await stage.run(9_500);
    expect(device.closed).toBeNull();
    await stage.run(1_500);
    expect(device.frames.at(-1)).toMatchObject({ kind: "kick", code: 4401 });
    expect(device.closed?.code).toBe(4401);
  });

  it("S12: with one the session goes on", async () => {
    const stage = await openStage({ auth: expiring(10_000) });
    const device = await stage.device("a");
    await stage.run(8_000);
    device.send({ kind: "token", token: "a@8000" });
    await stage.run(9_000);
    expect(device.closed).toBeNull();
    expect(device.kinds).toEqual(["login_ack", "login_ack"]);
    await stage.run(2_000);
    expect(device.closed?.code).toBe(4401);
  });

  it.each(["bad", "b@0", "a@-20000"])(
    "S12: %s, refused or another user's or expired, closes with 4401",
    async (token) => {
      const stage = await openStage({ auth: expiring(10_000) });
      const device = await stage.device("a");
      device.send({ kind: "token", token });
      await stage.run();
      expect(device.frames.at(-1)).toMatchObject({ kind: "nack", clientId: 0, code: "unauthenticated" });
      expect(device.closed?.code).toBe(4401);
    },
  );

  it("when nobody can tell just now the old token holds", async () => {
    const stage = await openStage({ auth: expiring(10_000) });
    const device = await stage.device("a");
    device.send({ kind: "token", token: "busy" });
    await stage.run();
    expect(device.frames.at(-1)).toMatchObject({ kind: "nack", clientId: 0, code: "busy" });
    expect(device.closed).toBeNull();
  });
});

describe("a heartbeat", () => {
  it("Q10: is answered with the head and the time", async () => {
    const stage = await openStage();
    const device = await stage.device("a");
    await stage.fill("a", 2);
    device.send(heartbeat(2));
    await stage.run();
    expect(device.last("heartbeat")).toMatchObject({ headSeq: 2, serverTime: stage.runtime.now() });
  });

  it("P16: without any for two intervals the connection is closed with 4408; with them it lives", async () => {
    const stage = await openStage();
    const [silent, alive] = [await stage.device("a"), await stage.device("b")];
    for (let n = 0; n < 6; n++) {
      await stage.run(10_000);
      alive.send(heartbeat());
    }
    expect(silent.closed?.code).toBe(4408);
    expect(alive.closed).toBeNull();
  });

  it("P16: what the server writes is no sign of life", async () => {
    const stage = await openStage();
    const device = await stage.device("a");
    for (let n = 0; n < 6; n++) {
      await stage.run(9_000);
      await stage.fill("a", 1);
    }
    expect(device.closed?.code).toBe(4408);
  });
});

describe("device policies", () => {
  it("single: the newest login wins and the old one is told why", async () => {
    const stage = await openStage({ devices: "single" });
    const old = await stage.device("a");
    const young = await stage.device("a");
    expect(old.frames.at(-1)).toMatchObject({ kind: "kick", code: 4409 });
    expect(old.closed?.code).toBe(4409);
    await stage.fill("a", 1);
    expect(young.pushed).toEqual([1]);
  });

  it("one-per-device-kind: what authenticate says goes before what the client says", async () => {
    const authenticate = (token: string) => ({ userId: "a", deviceKind: token });
    const stage = await openStage({ devices: "one-per-device-kind", auth: { authenticate } });
    const phone = await stage.device("phone", { deviceKind: "web" });
    const web = await stage.device("web", { deviceKind: "web" });
    expect([phone.closed, web.closed]).toEqual([null, null]);
    await stage.device("phone");
    expect([phone.closed?.code, web.closed]).toEqual([4409, null]);
  });

  it("reject-new: the newcomer is told forbidden and closed with 4403; later there is room", async () => {
    const stage = await openStage({ devices: "reject-new" });
    const first = await stage.device("a");
    const second = await stage.device("a");
    expect(second.frames).toMatchObject([{ kind: "nack", clientId: 0, code: "forbidden" }]);
    expect(second.closed?.code).toBe(4403);
    first.socket.drop(1006);
    expect((await stage.device("a")).kinds).toEqual(["login_ack"]);
  });

  it("P4: the close of the old connection does not make the new one unreachable", async () => {
    const stage = await openStage();
    const old = await stage.device("a");
    const young = await stage.device("a");
    old.socket.drop(1006);
    await stage.fill("a", 1);
    expect(young.pushed).toEqual([1]);
  });

  it("a legacy login gets no origin and starts at nothing", async () => {
    const stage = await openStage();
    const device = stage.dial();
    device.send(legacyLogin("a"));
    await stage.run();
    expect(device.last("login_ack")).toMatchObject({ origin: "", seq: 0, reset: false });
  });
});
