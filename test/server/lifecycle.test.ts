import { describe, expect, it } from "vitest";
import { ImError, isImError } from "../../src/core/errors.js";
import { createImServer } from "../../src/server/create-im-server.js";
import { settle } from "../../src/testing/fakes/virtual-time.js";
import { auth, openStage, Stage, watch } from "./fixture.js";
import { login, RawClient, uplink } from "./raw-client.js";
import { Barrier, hangs, StorageSwitch } from "./storage-switch.js";

const never = () => new Promise<never>(() => {});
const codeOf = (error: unknown) => (isImError(error) ? error.code : error);

describe("start", () => {
  it("may be called again and does its work once", async () => {
    const stage = new Stage();
    let starts = 0;
    stage.storage.onStart = async () => void starts++;
    await Promise.all([stage.im.start(), stage.im.start()]);
    await stage.im.start();
    expect(starts).toBe(1);
  });

  it("that fails rejects with what failed, and may be tried again", async () => {
    const stage = new Stage();
    stage.storage.onStart = () => Promise.reject(new ImError("unavailable", { message: "no disk" }));
    await expect(stage.im.start()).rejects.toThrow("no disk");
    stage.storage.onStart = async () => {};
    await stage.im.start();
    expect((await stage.device("a")).kinds).toEqual(["login_ack"]);
  });

  it("calls before it and after close reject with unavailable", async () => {
    const stage = new Stage();
    const calls = [
      () => stage.im.messages.send({ to: { userId: "a" }, text: "x" }),
      () => stage.im.groups.create({ name: "g", ownerId: "a", memberIds: [] }),
      () => stage.im.groups.add("g", ["a"]),
      () => stage.im.groups.remove("g", "a"),
      () => stage.im.groups.members("g"),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "unavailable" });
    await stage.im.start();
    await Promise.all([stage.im.close(), stage.run(100)]);
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "unavailable" });
    await expect(stage.im.start()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("during which close is called rejects with unavailable: nobody may believe that it runs", async () => {
    const stage = new Stage();
    let letGo = (): void => {};
    stage.storage.onStart = () => new Promise((resolve) => (letGo = resolve));
    const starting = watch(stage.im.start());
    const closing = watch(stage.im.close());
    await stage.run(20);
    letGo();
    await stage.run(100);
    expect(codeOf(starting.error)).toBe("unavailable");
    expect(closing).toMatchObject({ done: true });
    expect(closing.error).toBeUndefined();
    expect(stage.transport.isOpen).toBe(false);
  });

  it("attach tells when the transport takes no sockets from an http server", () => {
    const stage = new Stage();
    expect(() => stage.im.attach({ on: () => {}, off: () => {} })).toThrow("does not take sockets");
  });
});

describe("listen", () => {
  /** A port of this process's own, so that opening it again tells whether it was given back. */
  const where = [20_000 + (process.pid % 10_000), { host: "127.0.0.1" }] as const;
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

  it("that fails, because the storage does not start, gives its port back and may be tried again", async () => {
    const storage = new StorageSwitch();
    storage.onStart = () => Promise.reject(new Error("no disk"));
    const im = createImServer({ auth, storage, logger: silent });
    await expect(im.listen(...where)).rejects.toThrow("no disk");
    storage.onStart = async () => {};
    expect((await im.listen(...where)).port).toBe(where[0]);
    await im.close();
  });

  it("that fails, because the transport takes no http server, gives its port back", async () => {
    await expect(new Stage().im.listen(...where)).rejects.toMatchObject({ code: "invalid_argument" });
    const im = createImServer({ auth, logger: silent });
    expect((await im.listen(...where)).port).toBe(where[0]);
    await im.close();
  });

  it("I17: that is overtaken by close gives its port back", async () => {
    const im = createImServer({ auth, logger: silent });
    const opening = im.listen(...where);
    const closed = im.close();
    await expect(opening).rejects.toMatchObject({ code: "unavailable" });
    await closed;
    const next = createImServer({ auth, logger: silent });
    expect((await next.listen(...where)).port).toBe(where[0]);
    await next.close();
  });
});

describe("close", () => {
  it("D2: D3: turns newcomers away first, tells every client when to come back, and says 1012", async () => {
    const stage = await openStage();
    const [a, guest] = [await stage.device("a"), stage.dial()];
    const closing = watch(stage.im.close());
    await settle();
    expect(stage.transport.refusal).toEqual({ status: 503, retryAfterMs: 2_000 });
    expect(stage.transport.arrive("x", new RawClient())).toMatchObject({ status: 503 });
    await stage.run(100);
    for (const client of [a, guest]) {
      expect(client.closed?.code).toBe(1012);
      const { reconnectAfterMs } = client.last("go_away");
      expect(reconnectAfterMs).toBeGreaterThanOrEqual(0);
      expect(reconnectAfterMs).toBeLessThanOrEqual(2_000);
    }
    expect(closing.done).toBe(true);
  });

  it("I17: every uplink that was read is answered before the goodbye", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    const barrier = new Barrier();
    stage.storage.commit = barrier.detour;
    a.send(uplink(1, "b", "x"), uplink(2, "b", "y"));
    await stage.run();
    const closing = watch(stage.im.close());
    await stage.run(1_000);
    expect([closing.done, a.closed]).toEqual([false, null]);
    stage.storage.commit = null;
    barrier.letGo();
    await stage.run(1_000);
    expect(a.of("uplink_ack")).toHaveLength(2);
    expect(a.closed?.code).toBe(1012);
    expect(closing.done).toBe(true);
  });

  it("I17: a send of the server itself that is under way is finished", async () => {
    const stage = await openStage();
    const barrier = new Barrier();
    stage.storage.commit = barrier.detour;
    const sent = watch(stage.im.messages.send({ to: { userId: "b" }, text: "x" }));
    await stage.run();
    const closing = watch(stage.im.close());
    await stage.run(1_000);
    expect(closing.done).toBe(false);
    barrier.letGo();
    await stage.run(1_000);
    expect(sent.value).toMatchObject({ conversationSeq: 1 });
    expect(closing.done).toBe(true);
  });

  it("I17: what comes after the goodbye has begun is not read", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    const barrier = new Barrier();
    stage.storage.commit = barrier.detour;
    a.send(uplink(1, "b", "in time"));
    watch(stage.im.close());
    await stage.run(100);
    a.send(uplink(2, "b", "late"));
    await stage.run(100);
    barrier.letGo();
    await stage.run(1_000);
    expect(a.of("uplink_ack").map(({ clientId }) => clientId)).toEqual([1]);
    expect(stage.storage.batches).toEqual([1]);
  });

  it("I17: B2: ends within its time although a commit hangs, a client does not read and a hook never answers", async () => {
    const stage = await openStage({ hooks: { beforeSend: () => never() } });
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    a.send(uplink(1, "b", "x"));
    b.socket.setFarReading(false);
    stage.storage.commit = hangs;
    watch(stage.im.messages.send({ to: { userId: "b" }, text: "x" }));
    await stage.run();
    const closing = watch(stage.im.close({ graceMs: 3_000 }));
    await stage.run(2_900);
    expect(closing.done).toBe(false);
    await stage.run(200);
    expect(closing.done).toBe(true);
    expect([a.closed, b.closed]).not.toContain(null);
  });

  it("I17: ends within its time although the storage does not close or did not start", async () => {
    const stuck = await openStage();
    stuck.storage.onClose = never;
    const starting = new Stage();
    starting.storage.onStart = never;
    watch(starting.im.start());
    for (const stage of [stuck, starting]) {
      const closing = watch(stage.im.close({ graceMs: 3_000 }));
      await stage.run(3_200);
      expect(closing.done).toBe(true);
    }
  });

  it("a second call ends at once", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    stage.storage.commit = hangs;
    a.send(uplink(1, "b", "x"));
    await stage.run();
    const first = watch(stage.im.close());
    await stage.run(500);
    expect(first.done).toBe(false);
    const second = watch(stage.im.close());
    await stage.run(50);
    expect([first.done, second.done]).toEqual([true, true]);
  });

  it("a server that never started closes as well, and so does one that is closed", async () => {
    const stage = new Stage();
    await Promise.all([stage.im.close(), stage.run(100)]);
    await Promise.all([stage.im.close(), stage.run(100)]);
    await expect(stage.im.start()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("I17: B10: afterwards no timer of the server runs", async () => {
    const stage = await openStage();
    await stage.legacyDevice("a");
    const a = await stage.device("a");
    a.send(uplink(1, "b", "x"));
    await Promise.all([stage.im.close(), stage.run(1_000)]);
    const calls = stage.storage.calls.length;
    let timers = 0;
    const { setTimer } = stage.runtime;
    stage.runtime.setTimer = (...args) => {
      timers++;
      return setTimer.apply(stage.runtime, args);
    };
    await stage.run(600_000);
    expect([timers, stage.storage.calls.length]).toEqual([0, calls]);
  });

  it("a login under way when the server closes is answered or told to come back", async () => {
    const stage = await openStage();
    const barrier = new Barrier();
    stage.storage.readInbox = barrier.detour;
    const client = stage.dial();
    client.send(login("a"));
    await stage.run();
    watch(stage.im.close());
    await stage.run(100);
    barrier.letGo();
    await stage.run(100);
    expect(client.kinds).toEqual(["go_away", "login_ack"]);
    expect(client.closed?.code).toBe(1012);
  });
});
