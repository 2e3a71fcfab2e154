import { describe, expect, it } from "vitest";
import type { Failure } from "../../src/server/im-server.js";
import { openStage, textsOf, watch } from "./fixture.js";
import { uplink } from "./raw-client.js";
import { away, hangs } from "./storage-switch.js";

describe("What never comes back", () => {
  it("I17: close() leaves nothing behind although commits, reads, heads, hooks and logins hang", async () => {
    const never = () => new Promise<never>(() => {});
    const authenticate = (userId: string) => (userId === "slow" ? never() : { userId });
    const stage = await openStage({ auth: { authenticate }, hooks: { beforeSend: never } });
    await stage.fill("a", 1);
    const device = await stage.device("a");
    await stage.device("slow");
    stage.storage.commit = hangs;
    stage.storage.readHeads = hangs;
    const sent = watch(stage.im.messages.send({ to: { userId: "b" }, text: "x" }));
    const queued = watch(stage.im.messages.send({ to: { userId: "b" }, text: "y" }));
    device.send(uplink(1, "b", "asks the hook"));
    await stage.run(13_000);

    const closed = watch(stage.im.close({ graceMs: 100 }));
    await stage.run(200);
    expect(closed.done).toBe(true);
    expect([sent.error, queued.error]).toMatchObject([{ code: "busy" }, { code: "busy" }]);
    const before = stage.storage.calls.length;
    const lines = stage.log.length;
    await stage.run(60_000);
    expect(stage.storage.calls.length).toBe(before);
    expect(stage.log.length).toBe(lines);
  });

  it("I17: a commit that fails until the end is given up by close(), not after it", async () => {
    const stage = await openStage();
    stage.storage.commit = away;
    const sent = watch(stage.im.messages.send({ to: { userId: "b" }, text: "x" }));
    await stage.run(300);
    await Promise.all([stage.im.close({ graceMs: 0 }), stage.run(100)]);
    expect(sent.error).toMatchObject({ code: "busy" });
  });

  it("I15: a hook that never answers holds its message for 10 s, then the sender is told busy", async () => {
    const stage = await openStage({ hooks: { beforeSend: () => new Promise<never>(() => {}) } });
    const device = await stage.device("a");
    device.send(uplink(1, "b", "x"));
    await stage.run(9_000);
    expect(device.of("nack")).toEqual([]);
    await stage.run(2_000);
    expect(device.last("nack")).toMatchObject({ clientId: 1, code: "busy" });
  });
});

describe("The event failed tells of", () => {
  it("commits, heads, inboxes, logins, hooks and commands", async () => {
    const stage = await openStage({
      hooks: {
        beforeSend: () => {
          throw new Error("bug");
        },
      },
    });
    const seen = new Set<Failure["during"]>();
    stage.im.on("failed", ({ during }) => seen.add(during));
    const device = await stage.device("a");
    device.send(uplink(1, "b", "asks the hook"));
    stage.storage.commit = away;
    const sent = watch(stage.im.messages.send({ to: { userId: "a" }, text: "x" }));
    await stage.run(100);
    stage.storage.commit = null;
    stage.storage.readHeads = away;
    await stage.run(13_000);
    expect(sent.done).toBe(true);
    stage.storage.readInbox = away;
    device.send({ kind: "sync", seq: 0, limit: 0, syncEpoch: "" });
    await stage.device("b");
    await stage.run(100);
    expect([...seen].sort()).toEqual(["commit", "hook", "login", "read-heads", "sync"]);
  });

  it("K3: a failed commit, and the lane goes on with what follows", async () => {
    const stage = await openStage();
    stage.storage.commit = away;
    const first = watch(stage.im.messages.send({ to: { userId: "a" }, text: "1" }));
    await stage.run(8_000);
    expect(first.error).toMatchObject({ code: "busy" });
    stage.storage.commit = null;
    await stage.fill("a", 1, 2);
    const device = await stage.device("a");
    expect(textsOf(device.frames)).toEqual(["2"]);
  });
});

describe("Senseless calls change nothing and say what is wrong", () => {
  it.each([42, null, "x".repeat(501)])("disconnect with the reason %j", async (reason) => {
    const stage = await openStage();
    const device = await stage.device("a");
    await expect(stage.im.sessions.disconnect("a", { reason } as never)).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect(device.closed).toBeNull();
  });

  it("disconnect with a long reason shows all of it to the user, and as much as fits in the close frame", async () => {
    const stage = await openStage();
    const device = await stage.device("a");
    const reason = "é".repeat(200);
    await stage.im.sessions.disconnect("a", { reason });
    await stage.run();
    expect(device.last("kick").text).toBe(reason);
    expect(device.closed).toEqual({ code: 4410, reason: "é".repeat(61) });
  });

  it("on() with an event nobody knows, or without a function", async () => {
    const { im } = await openStage();
    expect(() => im.on("mesage" as never, () => {})).toThrow('message, online, offline, failed, audit, got "mesage"');
    expect(() => im.on("message", 5 as never)).toThrow("a function to call, got 5");
  });

  it.each([Number.NaN, -1, "5"])("close within %j ms", async (graceMs) => {
    const { im } = await openStage();
    await expect(im.close({ graceMs } as never)).rejects.toMatchObject({ code: "invalid_argument" });
  });
});
