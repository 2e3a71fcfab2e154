import { describe, expect, it } from "vitest";
import { ImError } from "../../src/core/errors.js";
import { GROUP_NOTICE } from "../../src/core/group-notice.js";
import { MESSAGE_TYPE } from "../../src/core/model.js";
import type { ServerMessage, ServerSend } from "../../src/server/im-server.js";
import { openStage, type Stage, textsOf, watch } from "./fixture.js";
import { heartbeat, uplink } from "./raw-client.js";
import { away, unheard } from "./storage-switch.js";

/** The promise, after everything that is due has happened. */
async function now<T>(stage: Stage, promise: Promise<T>): Promise<T> {
  const seen = watch(promise);
  await stage.run(1_000);
  if (!seen.done) throw new Error("still not done");
  return promise;
}

describe("messages.send", () => {
  it("without from the system speaks: no sender, no own copy, no membership", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "g", name: "g", ownerId: "a", memberIds: [] });
    const a = await stage.device("a");
    await now(stage, stage.im.messages.send({ to: { groupId: "g" }, text: "to all" }));
    const receipt = await now(stage, stage.im.messages.send({ to: { userId: "a" }, text: "to a" }));
    expect(receipt).toEqual({
      messageId: expect.stringMatching(/^[0-9a-f]{32}$/),
      conversationSeq: 1,
      sentAt: expect.any(Number),
    });
    expect(textsOf(a.frames)).toEqual(["to all", "to a"]);
    const types = a.of("push").map(({ item: { message } }) => [message.senderId, message.type]);
    expect(types).toEqual([
      [null, GROUP_NOTICE.created],
      [null, MESSAGE_TYPE.text],
      [null, MESSAGE_TYPE.text],
    ]);
  });

  it("with from it is that user's message, with all rules and an own copy", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "g", name: "g", ownerId: "a", memberIds: [] });
    const b = await stage.device("b");
    await now(stage, stage.im.messages.send({ from: "b", to: { userId: "a" }, text: "x" }));
    expect(b.last("push").item.message.senderId).toBe("b");
    const refused = stage.im.messages.send({ from: "b", to: { groupId: "g" }, text: "x" });
    await expect(now(stage, refused)).rejects.toMatchObject({ code: "not_member" });
  });

  it("with a key a repeated call is the same message, also with another text; without, each call is a new one", async () => {
    const stage = await openStage();
    const send = (rest: Partial<ServerSend>) =>
      now(stage, stage.im.messages.send({ to: { userId: "a" }, text: "x", ...rest } as ServerSend));
    const first = await send({ key: "deploy" });
    expect(await send({ key: "deploy", text: "y" })).toEqual(first);
    expect((await send({ key: "deploy", from: "b" })).messageId).not.toBe(first.messageId);
    await send({});
    await send({});
    expect(await stage.storage.inbox("a")).toHaveLength(4);
  });

  it("a key of one sender cannot be another's", async () => {
    const stage = await openStage();
    const send = (from: string, key: string) =>
      now(stage, stage.im.messages.send({ from, to: { userId: "z" }, text: "x", key }));
    const ids = [await send("a", "server b"), await send("a", "b"), await send("aserver", "b")];
    expect(new Set(ids.map(({ messageId }) => messageId)).size).toBe(3);
  });

  it("I10: an unknown outcome is told as busy, and the same key finds out", async () => {
    const stage = await openStage();
    stage.storage.commit = unheard;
    const sent = watch(stage.im.messages.send({ to: { userId: "a" }, text: "x", key: "k" }));
    await stage.run(10_000);
    expect(sent.error).toMatchObject({ code: "busy", retryAfterMs: 1_000 });
    stage.storage.commit = null;
    await now(stage, stage.im.messages.send({ to: { userId: "a" }, text: "x", key: "k" }));
    expect(await stage.storage.inbox("a")).toHaveLength(1);
  });

  it.each([
    [{ to: {}, text: "x" }, "invalid_argument"],
    [{ to: { userId: "a", groupId: "g" }, text: "x" }, "invalid_argument"],
    [{ to: { userId: "two words" }, text: "x" }, "invalid_user_id"],
    [{ to: { userId: "a" }, from: "", text: "x" }, "invalid_user_id"],
    [{ to: { userId: "a" } }, "invalid_argument"],
    [{ to: { userId: "a" }, type: "letter", content: new Uint8Array(1) }, "invalid_argument"],
    [{ to: { userId: "a" }, text: "x", key: "" }, "invalid_argument"],
    [{ to: { userId: "a" }, text: "x", key: "k".repeat(201) }, "invalid_argument"],
    [{ to: { userId: "a" }, text: "x".repeat(32_769) }, "too_large"],
    [undefined, "invalid_argument"],
    [null, "invalid_argument"],
    ["hello", "invalid_argument"],
  ])("%j is refused with %s", async (message, code) => {
    const stage = await openStage();
    await expect(now(stage, stage.im.messages.send(message as ServerSend))).rejects.toMatchObject({ code });
    expect(stage.storage.batches).toEqual([]);
  });

  it("what is no message at all is refused with words about the message", async () => {
    const stage = await openStage();
    const sent = stage.im.messages.send(undefined as never);
    await expect(sent).rejects.toThrow("messages.send takes { to, text, … }, got undefined");
  });

  it("to a group that does not exist the system hears not_found, a user not_member", async () => {
    const stage = await openStage();
    const send = (rest: object) => now(stage, stage.im.messages.send({ to: { groupId: "none" }, text: "x", ...rest }));
    await expect(send({})).rejects.toMatchObject({ code: "not_found", message: "there is no such group" });
    await expect(send({ from: "a" })).rejects.toMatchObject({ code: "not_member" });
  });

  it("the system may use types users may not", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    await now(stage, stage.im.messages.send({ to: { userId: "a" }, type: 100, content: Uint8Array.of(1) }));
    expect(a.last("push").item.message.type).toBe(100);
  });

  it("content that is changed after the call is sent as it was", async () => {
    const stage = await openStage();
    const content = Uint8Array.of(1, 2, 3);
    const sent = stage.im.messages.send({ to: { userId: "a" }, type: "picture", content });
    content.fill(9);
    await now(stage, sent);
    expect([...((await stage.storage.inbox("a"))[0]?.message.content ?? [])]).toEqual([1, 2, 3]);
  });
});

describe("groups", () => {
  it("are created with their owner, and members come and go", async () => {
    const stage = await openStage();
    const { groups } = stage.im;
    const group = await groups.create({ name: "ops", ownerId: "a", memberIds: ["b", "b", "a"] });
    expect(await groups.add(group.id, ["b", "c"])).toBe(1);
    expect(await groups.remove(group.id, "b")).toBe(true);
    expect(await groups.remove(group.id, "b")).toBe(false);
    const members = (await groups.members(group.id)).map(({ userId, role }) => [userId, role]);
    expect(members).toEqual([
      ["a", "owner"],
      ["c", "member"],
    ]);
  });

  it("G4: strange arguments are refused, none is turned into something else", async () => {
    const { groups } = (await openStage()).im;
    const create = (rest: object) => groups.create({ name: "g", ownerId: "a", memberIds: [], ...rest });
    for (const rest of [{ name: "" }, { name: "n".repeat(101) }, { name: 5 }, { memberIds: "b" }]) {
      await expect(create(rest)).rejects.toMatchObject({ code: "invalid_argument" });
    }
    for (const group of [undefined, null, "g"]) {
      const refused = { code: "invalid_argument", message: expect.stringMatching(/^groups\.create takes \{ name, /) };
      await expect(groups.create(group as never)).rejects.toMatchObject(refused);
    }
    for (const rest of [{ id: "" }, { ownerId: "x y" }, { memberIds: ["b", ""] }, { memberIds: [5] }]) {
      await expect(create(rest)).rejects.toMatchObject({ code: "invalid_user_id" });
    }
    await expect(groups.add("none", ["a"])).rejects.toMatchObject({ code: "not_found" });
    await expect(groups.members("none")).rejects.toMatchObject({ code: "not_found" });
  });

  it("S35: no group grows above its limit, neither when it is made nor later", async () => {
    const { groups } = (await openStage({ limits: { maxGroupMembers: 3 } })).im;
    const make = (id: string, memberIds: string[]) => groups.create({ id, name: "g", ownerId: "a", memberIds });
    await expect(make("big", ["b", "c", "d"])).rejects.toMatchObject({ code: "too_large" });
    await make("g", ["b", "c"]);
    await expect(groups.add("g", ["d"])).rejects.toMatchObject({ code: "too_large" });
    expect(await groups.add("g", ["b"])).toBe(0);
    await expect(make("g", [])).rejects.toMatchObject({ code: "add_failed" });
  });
});

describe("sessions.disconnect", () => {
  it("ends every session of the user with 4410, says why, and tells how many there were", async () => {
    const stage = await openStage();
    const [one, two, other] = [await stage.device("a"), await stage.legacyDevice("a"), await stage.device("b")];
    expect(await stage.im.sessions.disconnect("a", { reason: "revoked" })).toBe(2);
    await stage.run();
    for (const device of [one, two]) {
      expect(device.frames.at(-1)).toEqual({ kind: "kick", code: 4410, text: "revoked" });
      expect(device.closed?.code).toBe(4410);
    }
    expect(other.closed).toBeNull();
    await expect(stage.im.sessions.disconnect("")).rejects.toMatchObject({ code: "invalid_user_id" });
  });
});

describe("events", () => {
  it("message is told once per message, however often it was sent and committed", async () => {
    const stage = await openStage();
    const told: ServerMessage[] = [];
    stage.im.on("message", ({ message }) => told.push(message));
    const a = await stage.device("a");
    a.send(uplink(1, "b", "x"), uplink(1, "b", "x"));
    await stage.run();
    a.send(uplink(1, "b", "x"));
    await stage.run();
    expect(told).toMatchObject([{ senderId: "a", to: { userId: "b" }, type: "text", text: "x", conversationSeq: 1 }]);
  });

  it("online and offline come in pairs: with the first device and after the last", async () => {
    const stage = await openStage({ devices: "single" });
    const told: string[] = [];
    stage.im.on("online", ({ userId }) => told.push(`+${userId}`));
    stage.im.on("offline", ({ userId }) => told.push(`-${userId}`));
    const one = await stage.device("a");
    await stage.device("b");
    const two = await stage.device("a");
    expect(one.closed?.code).toBe(4409);
    two.socket.drop(1006);
    await stage.device("bad");
    stage.dial().socket.drop(1006);
    await Promise.all([stage.im.close(), stage.run(1_000)]);
    for (const user of ["a", "b"]) {
      const own = told.filter((line) => line.endsWith(user));
      expect(own.length).toBeGreaterThan(1);
      expect(own).toEqual(own.map((_line, index) => `${index % 2 === 0 ? "+" : "-"}${user}`));
    }
  });

  it("failed tells of commits that failed, and the log has them", async () => {
    const stage = await openStage();
    const failures: unknown[] = [];
    stage.im.on("failed", (failure) => failures.push(failure));
    stage.storage.commit = away;
    watch(stage.im.messages.send({ to: { userId: "a" }, text: "x" }));
    await stage.run();
    expect(failures).toMatchObject([{ during: "commit", error: { code: "unavailable" } }]);
    expect(stage.complaints).toContain("a commit failed; trying again");
  });

  it("a listener that throws hurts nobody; its error is logged", async () => {
    const stage = await openStage();
    const heard: string[] = [];
    for (const event of ["message", "online", "offline"] as const) {
      stage.im.on(event, () => {
        throw new Error("mine");
      });
      stage.im.on(event, () => heard.push(event));
    }
    const a = await stage.device("a");
    a.send(uplink(1, "b", "x"));
    await stage.run();
    a.socket.drop(1006);
    expect(a.of("uplink_ack")).toHaveLength(1);
    expect(heard).toEqual(["online", "message", "offline"]);
    expect(stage.complaints.filter((text) => text === "a listener threw")).toHaveLength(3);
  });

  it("S34: a listener that is async and rejects hurts nobody either", async () => {
    const stage = await openStage();
    stage.im.on("message", async () => {
      throw new Error("mine");
    });
    await stage.fill("a", 1);
    expect(stage.complaints).toContain("a listener threw");
  });

  it("a listener that was taken away hears no more", async () => {
    const stage = await openStage();
    const told: unknown[] = [];
    const stop = stage.im.on("message", (event) => told.push(event));
    await stage.fill("a", 1);
    stop();
    stop();
    await stage.fill("a", 1);
    expect(told).toHaveLength(1);
  });
});

describe("S34: what breaks in one connection stays there", () => {
  it("S34: a hook that throws after a while, a storage that answers nonsense: one connection ends, the process and the others live", async () => {
    const stage = await openStage();
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    stage.storage.commit = (real) => real().then(nonsense);
    a.send(uplink(1, "c", "x"));
    await stage.run(1_000);
    stage.storage.commit = null;
    expect(a.closed?.code).toBe(1012);
    expect(stage.complaints.length).toBeGreaterThan(0);
    b.send(heartbeat(), uplink(1, "c", "x"));
    await stage.run();
    expect(b.kinds).toContain("uplink_ack");
  });

  it("S34: a logger that throws stops no commit", async () => {
    const throws = () => {
      throw new Error("disk full");
    };
    const stage = await openStage({ logger: { debug: throws, info: throws, warn: throws, error: throws } });
    stage.storage.commit = away;
    const sent = stage.im.messages.send({ to: { userId: "b" }, text: "x" });
    await stage.run(100);
    stage.storage.commit = null;
    await stage.run(1_000);
    expect((await sent).conversationSeq).toBe(1);
  });

  it("P8: S34: a command that throws closes its connection with 1012 and is logged", async () => {
    const authenticate = () => ({ userId: "a" });
    const stage = await openStage({ auth: { authenticate } });
    const [a, b] = [await stage.device("a"), await stage.device("a")];
    const { elapsed } = stage.runtime;
    a.send(heartbeat());
    stage.runtime.now = () => {
      throw new ImError("internal");
    };
    a.send(heartbeat());
    stage.runtime.now = () => 0;
    await stage.run();
    expect(elapsed).toBe(stage.runtime.elapsed);
    expect(a.closed?.code).toBe(1012);
    expect(stage.complaints).toEqual(["a command failed; its connection is closed"]);
    expect(b.closed).toBeNull();
  });
});

/** A receipt no storage may give. */
function nonsense<T>(result: T): T {
  const { outcomes } = result as { outcomes: { receipt?: object }[] };
  for (const outcome of outcomes) outcome.receipt = { ...outcome.receipt, senderSeq: Number.NaN };
  return result;
}
