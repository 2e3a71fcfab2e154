import { forceCloseDatabase } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { indexedDbStore } from "../../../../src/client/platforms/indexed-db/indexed-db-store.js";
import { settle } from "../../../../src/testing/fakes/virtual-time.js";
import { type Bench, bench, sendTexts } from "../../bench.js";
import { FakePlatform, type FakeSocket, push, uplinkAck } from "../../fake-platform.js";
import { freshBrowser } from "./fake-browser.js";
import type { FakeLocks } from "./fake-locks.js";

let locks: FakeLocks;
beforeEach(() => {
  locks = freshBrowser();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** The database takes turns of the event loop and no time. */
async function until(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (done()) return;
    await settle();
  }
  throw new Error("it did not happen");
}

/** A page with a client that wants to be connected. */
function page(seed: number): Bench {
  const made = bench({ store: indexedDbStore("alice") }, new FakePlatform(seed));
  made.im.connect().catch(() => {});
  return made;
}

async function online({ platform, im }: Bench): Promise<FakeSocket> {
  await until(() => platform.sockets.length > 0);
  const socket = await platform.accept();
  await until(() => im.state.name === "online");
  return socket;
}

/** The page is gone, and nobody said goodbye: the browser frees what it held, the disk has what was saved. */
function kill({ platform }: Bench): void {
  platform.socket.end();
  locks.held.clear();
}

/** The page with this client is in another tab. The first try of the new one is in vain. */
async function inVain(second: Bench): Promise<void> {
  await until(() => second.im.state.name === "waiting");
}

describe("a client on indexedDbStore", () => {
  it("U1: sends after a reload what waited in the outbox, once, in order and under the same ids", async () => {
    const before = page(1);
    const socket = await online(before);
    sendTexts(before.im, "one", "two", "three");
    await until(() => socket.uplinks.length === 3);
    const ids = socket.uplinks.map(({ clientId }) => clientId);
    kill(before);

    const after = page(2);
    const again = await online(after);
    await until(() => again.uplinks.length === 3);
    expect(again.uplinks.map(({ clientId }) => clientId)).toEqual(ids);
    again.say(...ids.map((clientId, place) => uplinkAck(clientId, place + 1)));
    await until(() => after.told.sent.length === 3);
    expect(after.im.outbox).toEqual([]);
    await after.im.close();

    const last = page(3);
    const third = await online(last);
    expect([third.uplinks, last.im.outbox, last.im.userId]).toEqual([[], [], "alice"]);
    await last.im.close();
  });

  it("I6: shows after a reload only what it has not shown, with the same place in the conversation for all", async () => {
    const before = page(1);
    (await online(before)).say(push(1), push(2));
    await until(() => before.told.message.length === 2);
    kill(before);

    const after = page(2);
    const socket = await online(after);
    expect(socket.login.cursor).toBe(2);
    socket.say(push(2), push(3));
    await until(() => after.told.message.length === 1);
    expect(after.told.message).toMatchObject([{ seq: 3, conversationSeq: 3 }]);
    await after.im.close();
  });

  it("waits while another tab has the store, says so with the code busy, and comes to life after that was closed", async () => {
    const [first, second] = [page(1), page(2)];
    await online(first);
    await inVain(second);
    const open = expect.stringMatching(/"alice" is open in another tab or window/);
    expect(second.im.state).toMatchObject({ name: "waiting", reason: open });
    expect(second.told.error[0]).toMatchObject({ code: "busy", message: open });
    await first.im.close();
    await second.platform.time.advance(60_000);
    await online(second);
    await second.im.close();
  });

  it("refuses to send while another tab has the store, and says that it is busy", async () => {
    const [first, second] = [page(1), page(2)];
    await online(first);
    await inVain(second);
    const [outcome] = sendTexts(second.im, "hello");
    await until(() => outcome?.state !== "open");
    expect(outcome).toEqual({ state: "rejected", code: "busy" });
    await Promise.all([first.im.close(), second.im.close()]);
  });

  it("tells any other trouble with its store as store_failed, with the advice of the store", async () => {
    freshBrowser({ indexedDB: undefined });
    const only = page(1);
    await inVain(only);
    const advice = expect.stringContaining("there is no IndexedDB here: use memoryStore()");
    expect(only.im.state).toMatchObject({ name: "waiting", reason: advice });
    expect(only.told.error[0]).toMatchObject({ code: "store_failed", message: advice });
    await only.im.close();
  });

  it("gives the store to the next tab also when it is closed while it opens it", async () => {
    const first = page(1);
    await first.im.close();
    expect([...locks.held]).toEqual([]);
    const second = page(2);
    await online(second);
    await second.im.close();
  });

  it("reads the store again and goes on when the browser ends the connection to the database", async () => {
    const made = page(1);
    const socket = await online(made);
    const transactions = vi.spyOn(IDBDatabase.prototype, "transaction");
    socket.say(push(1));
    await until(() => made.told.message.length === 1);
    forceCloseDatabase(transactions.mock.contexts[0] as never);
    socket.say(push(2));
    await until(() => made.im.state.name === "waiting");
    expect(made.told.error).toMatchObject([{ code: "store_failed", cause: { code: "unavailable" } }]);
    await made.platform.time.advance(60_000);
    await until(() => made.platform.sockets.length === 2);
    const again = await made.platform.accept();
    expect(again.login.cursor).toBe(1);
    again.say(push(2));
    await until(() => made.told.message.length === 2);
    await made.im.close();
  });
});
