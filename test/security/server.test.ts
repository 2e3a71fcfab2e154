import { describe, expect, it } from "vitest";
import { ImError } from "../../src/core/errors.js";
import { openStage, watch } from "../server/fixture.js";
import { heartbeat, instance, login, uplink } from "../server/raw-client.js";

/** Words that must never leave the process by mistake. */
const CANARY = "SELECT-password-FROM-canary";

describe("S18: the sender is the session's user", () => {
  it("S18: a frame that names another sender is refused, and nothing is stored under a foreign name", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    a.send(uplink(1, "b", "x", { sender: "c" }), uplink(2, "b", "x", { sender: "a" }), uplink(3, "b", "x"));
    await stage.run();
    expect(a.of("nack")).toMatchObject([{ clientId: 1, code: "forbidden" }]);
    const senders = (await stage.storage.inbox("b")).map(({ message }) => message.senderId);
    expect(senders).toEqual(["a", "a"]);
    expect(await stage.storage.inbox("c")).toEqual([]);
  });
});

describe("S17: answers tell nothing about others", () => {
  it("S17: a group one is not in, one that does not exist, and a user who never came are told apart by nothing", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "secret", name: "g", ownerId: "z", memberIds: [] });
    const a = await stage.device("a");
    a.send(uplink(1, "secret", "x", { sessionType: 2 }), uplink(1, "nowhere", "x", { sessionType: 2 }));
    a.send(uplink(2, "nowhere", "x", { sessionType: 2 }));
    a.send(uplink(3, "z", "x"), uplink(4, "never-seen", "x"));
    await stage.run();
    const answers = a.of("nack").map(({ code, text, retryAfterMs }) => ({ code, text, retryAfterMs }));
    expect(answers[2]).toEqual(answers[0]);
    expect(a.of("uplink_ack").map(({ clientId }) => clientId)).toEqual([3, 4]);
  });

  it("S17: a bad token and a token of nobody get the same bytes", async () => {
    const authenticate = (token: string) => {
      if (token === "throws") throw new Error(CANARY);
      return null;
    };
    const stage = await openStage({ auth: { authenticate } });
    const [one, two] = [await stage.device("throws"), await stage.device("nobody")];
    expect(one.received).toEqual(two.received);
    expect(one.closed).toEqual(two.closed);
  });
});

describe("S33: S41: what went wrong inside stays inside", () => {
  it("X10: S33: errors of storage, hook and authenticate reach no client in any frame or close reason", async () => {
    const fail = () => Promise.reject(new Error(CANARY, { cause: CANARY }));
    const hooked = await openStage({
      hooks: {
        beforeSend: () => {
          throw new ImError("forbidden", { message: CANARY, cause: CANARY });
        },
      },
    });
    const broken = await openStage();
    const closed = await openStage({ auth: { authenticate: fail } });
    const [a, b] = [await hooked.device("a"), await broken.device("a")];
    broken.storage.commit = fail;
    broken.storage.readInbox = fail;
    for (const client of [a, b]) client.send(uplink(1, "b", "x"), { kind: "sync", seq: 0, limit: 0, syncEpoch: "" });
    const others = [await broken.device("c"), await closed.device("a")];
    for (const stage of [hooked, broken, closed]) await stage.run(10_000);
    for (const client of [a, b, ...others]) {
      expect(client.frames.length).toBeGreaterThan(0);
      expect(JSON.stringify([client.frames, client.closed])).not.toContain("canary");
    }
  });

  it("S41: a close reason says what the client did, never what the server is", async () => {
    const stage = await openStage();
    const reasons: (string | undefined)[] = [];
    const [a, b, c] = [await stage.device("a"), await stage.device("b"), await stage.device("bad")];
    a.sendBytes(Uint8Array.of(0x08, 0x03, 0x12, 0x02, 0x10, 0x01));
    b.send(login("b"));
    await stage.run();
    const silent = stage.dial();
    await stage.run(7_000);
    for (const client of [a, b, c, silent]) reasons.push(client.closed?.reason);
    expect(reasons).toEqual(["UpMsg has no msg", "a second login", "refused", "no login in time"]);
  });

  it("S2: S31: neither tokens nor content are in the log, whatever happens", async () => {
    const authenticate = (token: string) => {
      if (token.startsWith("bad")) throw new Error("refused");
      return { userId: "a" };
    };
    const stage = await openStage({ auth: { authenticate } });
    const a = await stage.device(`good-${CANARY}`);
    await stage.device(`bad-${CANARY}`);
    a.send({ kind: "token", token: `bad-${CANARY}` });
    const b = await stage.device(`good-${CANARY}`);
    stage.storage.commit = () => Promise.reject(new ImError("unavailable"));
    b.send(uplink(1, "b", CANARY));
    await stage.run(10_000);
    expect(stage.log.length).toBeGreaterThan(3);
    const written = stage.log.map(({ text, fields }) => [text, ...Object.values(fields).map(String)]);
    expect(JSON.stringify(written)).not.toContain("canary");
  });
});

describe("S39: a client's clock decides nothing", () => {
  it("S39: U16: absurd times are kept apart; the message's time is the server's", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    for (const [index, clientTime] of [0, 1, Number.MAX_SAFE_INTEGER].entries()) {
      a.send(uplink(index + 1, "b", "x", { clientTime }));
    }
    await stage.run();
    const messages = (await stage.storage.inbox("b")).map(({ message }) => message);
    expect(messages.map(({ clientTime }) => clientTime)).toEqual([0, 1, Number.MAX_SAFE_INTEGER]);
    expect(new Set(messages.map(({ serverTime }) => serverTime))).toEqual(new Set([stage.runtime.now()]));
  });
});

describe("S40: a captured uplink is worth nothing to another", () => {
  it("S40: replayed by another user it is that user's own message, or refused; the first one's answer does not change", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    const [named, unnamed] = [uplink(1, "b", "x", { sender: "a" }), uplink(2, "b", "x")];
    a.send(named, unnamed);
    await stage.run();
    const thief = await stage.device("m", { instanceId: instance(1) });
    thief.send(named, unnamed);
    await stage.run();
    expect(thief.of("nack")).toMatchObject([{ clientId: 1, code: "forbidden" }]);
    const ids = (await stage.storage.inbox("b")).map(({ message }) => `${message.senderId} ${message.messageId}`);
    expect(new Set(ids).size).toBe(3);
    expect(ids.filter((id) => id.startsWith("a "))).toHaveLength(2);
    a.send(unnamed);
    await stage.run();
    expect(a.of("uplink_ack").at(-1)).toEqual(a.of("uplink_ack")[1]);
  });

  it("S40: after the session has ended it is carried out no more", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    await stage.im.sessions.disconnect("a");
    a.send(uplink(1, "b", "x"));
    await stage.run();
    const guest = stage.dial();
    guest.send(uplink(1, "b", "x"));
    await stage.run();
    expect(guest.closed?.code).toBe(4400);
    expect(stage.storage.batches).toEqual([]);
  });
});

describe("S12: a session ends when it is revoked", () => {
  it("S12: every device is closed at once, and what was on its way in at that moment is not answered", async () => {
    const stage = await openStage();
    const devices = [await stage.device("a"), await stage.device("a")];
    const ended = watch(stage.im.sessions.disconnect("a", { reason: "revoked" }));
    for (const device of devices) device.send(heartbeat());
    await stage.run();
    expect(ended.value).toBe(2);
    for (const device of devices) expect(device.kinds).toEqual(["login_ack", "kick"]);
  });
});
