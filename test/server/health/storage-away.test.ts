import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import type { Failure } from "../../../src/server/im-server.js";
import { FakePendingSends, FakeTransaction } from "../fake-pending-sends.js";
import { Stage, watch } from "../fixture.js";
import { login } from "../raw-client.js";
import { away, hangs, StorageSwitch } from "../storage-switch.js";

const unreachable = () => Promise.reject(new ImError("unavailable", { message: "connect ECONNREFUSED" }));
const hello = { to: { userId: "bob" }, text: "hello" };

/** A server on a storage that is shared with other processes. */
function shared(): { readonly stage: Stage; readonly failures: Failure[] } {
  const stage = new Stage({}, Object.assign(new StorageSwitch(), { isShared: true }));
  const failures: Failure[] = [];
  stage.im.on("failed", (failure) => void failures.push(failure));
  return { stage, failures };
}

/** One that was started while its storage could not be reached. */
async function startedWithout() {
  const { stage, failures } = shared();
  stage.storage.onStart = unreachable;
  await stage.im.start();
  await stage.run();
  return { stage, failures };
}

describe("a shared storage that is away when the server starts", () => {
  it("does not keep the server from starting, which says that it is not ready, since when and why", async () => {
    const { stage, failures } = await startedWithout();
    const since = stage.runtime.now();
    await stage.run(10_000);
    expect(stage.im.health()).toEqual({
      ready: false,
      storage: { state: "down", since, reason: "connect ECONNREFUSED" },
    });
    expect(stage.transport.isOpen).toBe(true);
    // Told once, not with every try.
    expect(failures.map(({ during }) => during)).toEqual(["storage"]);
  });

  it("I10: has messages and logins answered busy, which means come again, and refuses none for good", async () => {
    const { stage } = await startedWithout();
    const sending = watch(stage.im.messages.send({ ...hello, key: "1" }));
    const client = stage.dial();
    client.send(login("ada"));
    await stage.run(15_000);
    expect(sending.error).toMatchObject({ code: "busy" });
    expect(client.of("nack").map(({ code }) => code)).toEqual(["busy"]);

    stage.storage.onStart = async () => {};
    await stage.run(5_000);
    const again = watch(stage.im.messages.send({ ...hello, key: "1" }));
    await stage.run();
    expect(again.value).toMatchObject({ conversationSeq: 1 });
  });

  it("is opened within 5 s of its return, and then the server is ready", async () => {
    const { stage } = await startedWithout();
    await stage.run(60_000);
    stage.storage.onStart = async () => {};
    await stage.run(5_000);
    expect(stage.im.health()).toMatchObject({ ready: true, storage: { state: "up" } });
    expect((await stage.device("ada")).kinds).toEqual(["login_ack"]);
  });

  it("and then turns out to be of no use, is told with the new reason", async () => {
    const { stage, failures } = await startedWithout();
    stage.storage.onStart = () => Promise.reject(new ImError("operation_failed", { message: "a newer shyim" }));
    await stage.run(5_000);
    expect(stage.im.health().storage).toMatchObject({ state: "down", reason: "a newer shyim" });
    expect(failures.map(({ error }) => (error as Error).message)).toEqual(["connect ECONNREFUSED", "a newer shyim"]);
  });

  it("I17: is waited for no longer once the server is closed", async () => {
    const { stage } = await startedWithout();
    let starts = 0;
    stage.storage.onStart = async () => void starts++;
    await Promise.all([stage.im.close(), stage.run(100)]);
    await stage.run(60_000);
    expect(starts).toBe(0);
    expect(stage.im.health().ready).toBe(false);
  });

  it("rejects the start all the same when no waiting helps", async () => {
    const { stage } = shared();
    stage.storage.onStart = () => Promise.reject(new ImError("operation_failed", { message: "wrong password" }));
    await expect(stage.im.start()).rejects.toThrow("wrong password");
  });

  it("rejects the start when nobody else has the storage: a file that cannot be opened is a mistake", async () => {
    const stage = new Stage();
    stage.storage.onStart = unreachable;
    await expect(stage.im.start()).rejects.toThrow("ECONNREFUSED");
  });
});

describe("the health of a running server", () => {
  it("is not ready before the start and after the end", async () => {
    const stage = new Stage();
    expect(stage.im.health().ready).toBe(false);
    await stage.im.start();
    expect(stage.im.health()).toMatchObject({ ready: true, storage: { state: "up" } });
    await Promise.all([stage.im.close(), stage.run(100)]);
    expect(stage.im.health().ready).toBe(false);
  });

  it.each([
    ["cannot be reached", away],
    ["never answers", hangs],
  ])(
    "tells within 20 s that a shared storage %s, though nobody uses it, and within 15 s that it is back",
    async (_, how) => {
      const { stage } = shared();
      await stage.im.start();
      await stage.run(30_000);
      stage.storage.readHeads = how;
      await stage.run(20_000);
      expect(stage.im.health()).toMatchObject({ ready: false, storage: { state: "down" } });
      stage.storage.readHeads = null;
      await stage.run(15_000);
      expect(stage.im.health()).toMatchObject({ ready: true, storage: { state: "up" } });
    },
  );

  it("tells at once what a failing commit has shown, and is up again by itself, though nobody comes", async () => {
    const stage = new Stage();
    await stage.im.start();
    stage.storage.commit = away;
    stage.storage.readHeads = away;
    const sending = watch(stage.im.messages.send(hello));
    await stage.run(10);
    expect(stage.im.health()).toMatchObject({ ready: false, storage: { state: "down" } });
    stage.storage.readHeads = null;
    stage.storage.commit = null;
    await stage.run(2_000);
    expect(sending.value).toMatchObject({ conversationSeq: 1 });
    expect(stage.im.health()).toMatchObject({ ready: true, storage: { state: "up" } });
  });

  it("is down as long as nothing can be written, though every question is answered, and its since stays", async () => {
    const { stage, failures } = shared();
    let isReadOnly = true;
    const refuse = () => Promise.reject(new ImError("unavailable", { message: "read-only" }));
    Object.assign(stage.storage, { probe: () => (isReadOnly ? refuse() : Promise.resolve()) });
    await stage.im.start();
    const ada = await stage.device("ada");
    stage.storage.commit = refuse;
    const sending = watch(stage.im.messages.send(hello));
    await stage.run(100);
    const { since } = stage.im.health().storage;
    for (let second = 0; second < 30; second++) {
      await stage.run(1_000);
      expect(stage.im.health()).toMatchObject({ ready: false, storage: { state: "down", since } });
    }
    expect(ada.closed).toBeNull();
    expect(sending.error).toMatchObject({ code: "busy" });
    stage.storage.commit = null;
    isReadOnly = false;
    await stage.run(2_000);
    expect(stage.im.health()).toMatchObject({ ready: true, storage: { state: "up" } });
    expect(failures.filter(({ during }) => during === "storage")).toHaveLength(0);
    expect(stage.log.filter(({ text }) => text === "the storage answers again")).toHaveLength(1);
  });

  it("is not hurt by what is wrong with a single message", async () => {
    const stage = new Stage();
    await stage.im.start();
    stage.storage.commit = () => Promise.reject(new ImError("store_failed"));
    const sending = watch(stage.im.messages.send(hello));
    await stage.run(100);
    expect(sending.done).toBe(true);
    expect(stage.im.health()).toMatchObject({ ready: true, storage: { state: "up" } });
  });
});

describe("pending sends while the storage is away", () => {
  it("are not asked for, and are delivered within 2 s of its return", async () => {
    const storage = Object.assign(new StorageSwitch(), { isShared: true });
    const pending = new FakePendingSends(storage.messages);
    const stage = new Stage({}, Object.assign(storage, { pendingSends: pending }));
    storage.onStart = unreachable;
    await stage.im.start();
    await stage.run(60_000);
    expect(stage.complaints).toHaveLength(1);
    const transaction = new FakeTransaction();
    const sent = stage.im.messages.send(hello, { transaction });
    transaction.commit();
    storage.onStart = async () => {};
    await stage.run(2_000);
    await sent;
    expect(await storage.inbox("bob")).toHaveLength(1);
  });
});
