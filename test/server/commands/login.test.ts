import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import { openStage, upTo } from "../fixture.js";
import { heartbeat, instance, login, pushAck, sync, uplink } from "../raw-client.js";
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

  it("a check of the token that never ends, or a storage that hangs, is given up after 10 s with 1012", async () => {
    const endless = await openStage({ auth: { authenticate: () => new Promise<never>(() => {}) } });
    const stuck = await openStage();
    stuck.storage.readInbox = hangs;
    for (const stage of [endless, stuck]) {
      const device = await stage.device("a");
      await stage.run(9_000);
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
