import { forceCloseDatabase, IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientPosition, ClientStore, OutboxEntry } from "../../../../src/client/contracts.js";
import { deleteIndexedDbStore } from "../../../../src/client/platforms/indexed-db/delete-indexed-db-store.js";
import { indexedDbStore } from "../../../../src/client/platforms/indexed-db/indexed-db-store.js";
import { clientStoreConformance } from "../../../../src/testing/conformance/client-store.js";
import { settle } from "../../../../src/testing/fakes/virtual-time.js";
import { item } from "../../fake-platform.js";
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

clientStoreConformance({ describe, it }, async () => {
  const made = [indexedDbStore("alice")];
  const reopen = async () => {
    const again = indexedDbStore("alice");
    made.push(again);
    return again;
  };
  const dispose = async () => {
    for (const store of made) await store.close();
    await deleteIndexedDbStore("alice");
  };
  return { store: made[0] as ClientStore, reopen, dispose };
});

const at = (cursor: number): ClientPosition => ({
  instanceId: new Uint8Array(16),
  userId: "alice",
  origin: "",
  syncEpoch: "",
  cursor,
  cursorMessageId: null,
  resyncUntil: null,
});

const entry = (clientId: number, parts: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientId,
  order: clientId,
  target: { kind: "single", id: "bob" },
  type: 1,
  content: Uint8Array.of(1),
  clientTime: 0,
  ...parts,
});

/** Something a database cannot keep. */
const unkeepable = { kind: "single", id: (() => {}) as unknown as string } as const;

async function opened(name = "alice"): Promise<ClientStore> {
  const store = indexedDbStore(name);
  await store.load();
  return store;
}

/** Somebody else at work on the same disk. */
function raw(call: (factory: IDBFactory) => IDBOpenDBRequest): Promise<IDBDatabase> {
  return answer(call(globalThis.indexedDB));
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The connections a store has made since, by their transactions. */
function watchTransactions() {
  return vi.spyOn(IDBDatabase.prototype, "transaction");
}

/** The next transaction ends as it does on a full disk: every step went well, and the end does not. */
function fillDisk(): void {
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementationOnce(function (this: IDBObjectStore, ...args) {
    const request = put.apply(this, args);
    const transaction = this.transaction as unknown as { _abort(name: string): void };
    request.addEventListener("success", () => transaction._abort("QuotaExceededError"));
    return request;
  });
}

describe("indexedDbStore", () => {
  it.each([[""], [7], [undefined], [null]])("refuses %j as a name and says what it got", (name) => {
    expect(() => indexedDbStore(name as string)).toThrow(
      expect.objectContaining({
        code: "invalid_argument",
        message: expect.stringContaining(`got ${JSON.stringify(name)}`),
      }),
    );
  });

  it("keeps the stores of different names apart", async () => {
    const [alice, bob] = [await opened("alice"), await opened("bob")];
    await alice.apply({ position: at(1) });
    expect(await bob.load()).toBeNull();
  });

  it("forgets the oldest ids and keeps no contents of what others wrote", async () => {
    const store = await opened();
    const items = Array.from({ length: 21_000 }, (_, index) => item(index + 1));
    await store.apply({ position: at(20_500), items: items.slice(0, 20_500) });
    await store.apply({ position: at(21_000), items: items.slice(20_500) });
    await store.close();
    const database = await raw((factory) => factory.open("shyim:alice"));
    const kept = await answer(database.transaction("known").objectStore("known").getAll());
    expect(kept).toEqual(items.slice(1_000).map(({ message }) => message.messageId));
    expect([...database.objectStoreNames]).toEqual(["known", "outbox", "position", "sent"]);
  });

  it("does not take to the disk what stands around the bytes of a message", async () => {
    const store = await opened();
    const content = new Uint8Array(65_536).subarray(10, 12);
    await store.apply({ position: at(0), putOutbox: [entry(1, { content })] });
    const saved = (await store.load())?.outbox[0]?.content;
    expect([saved?.length, saved?.buffer.byteLength]).toEqual([2, 2]);
  });

  it("saves each change in one transaction that resolves when it is on the disk", async () => {
    const store = await opened();
    const made = watchTransactions();
    await store.apply({ position: at(1), items: [item(1)], putOutbox: [entry(1)], removeSent: [4] });
    expect(made.mock.calls.map(([, mode, options]) => [mode, options])).toEqual([
      ["readwrite", { durability: "strict" }],
    ]);
  });

  it("is read again over the connection it has", async () => {
    const open = vi.spyOn(IDBFactory.prototype, "open");
    const store = await opened();
    await store.load();
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("saves nothing of a change of which one part cannot be saved, and goes on", async () => {
    const store = await opened();
    await store.apply({ position: at(1), putOutbox: [entry(1)] });
    const change = {
      position: at(2),
      items: [item(2)],
      removeOutbox: [1],
      putOutbox: [entry(2, { target: unkeepable })],
    };
    await expect(store.apply(change)).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("DataCloneError"),
    });
    expect(await store.known([item(2).message.messageId])).toEqual(new Set());
    await store.apply({ putOutbox: [entry(3)] });
    expect(await store.load()).toEqual({ position: at(1), outbox: [entry(1), entry(3)], sent: [] });
  });

  it("saves nothing and names the reason when the disk is full at the end", async () => {
    const store = await opened();
    await store.apply({ position: at(1) });
    fillDisk();
    await expect(store.apply({ position: at(2), putOutbox: [entry(1)] })).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("QuotaExceededError: the browser has no room left"),
      cause: expect.objectContaining({ name: "QuotaExceededError" }),
    });
    expect(await store.load()).toEqual({ position: at(1), outbox: [], sent: [] });
  });

  it("takes nothing more from the moment close is called, and loses nothing that was called before", async () => {
    const store = await opened();
    const before = store.apply({ position: at(1) });
    await Promise.all([before, store.close()]);
    await expect(store.apply({ position: at(2) })).rejects.toMatchObject({ code: "unavailable" });
    expect((await store.load())?.position.cursor).toBe(1);
  });

  it("lets the next tab in only when everything it was told is on the disk", async () => {
    const store = await opened();
    let saved = false;
    const writing = store.apply({ position: at(1) }).then(() => {
      saved = true;
    });
    await store.close();
    expect([saved, [...locks.held]]).toEqual([true, []]);
    await writing;
  });
});

describe("a second tab", () => {
  it("cannot open the store, is told so, and can as soon as the first has closed it", async () => {
    const [first, second] = [await opened(), indexedDbStore("alice")];
    await expect(second.load()).rejects.toMatchObject({
      code: "busy",
      message: expect.stringMatching(/"alice" is open in another tab or window/),
    });
    await expect(second.apply({ position: at(1) })).rejects.toMatchObject({ code: "unavailable" });
    await first.close();
    expect(await second.load()).toBeNull();
  });

  it("is not in the way after its own vain try was closed", async () => {
    const [first, second] = [await opened(), indexedDbStore("alice")];
    await second.load().catch(() => {});
    await second.close();
    await first.apply({ position: at(1) });
    expect((await first.load())?.position.cursor).toBe(1);
    expect([...locks.held]).toEqual(["shyim:alice"]);
  });

  it("of another user has a store of its own", async () => {
    await opened("alice");
    expect(await indexedDbStore("bob").load()).toBeNull();
  });

  it("is not let in by a browser that refuses its locks", async () => {
    const request = () => Promise.reject(new DOMException("denied", "SecurityError"));
    vi.stubGlobal("navigator", { locks: { request } });
    await expect(indexedDbStore("alice").load()).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("SecurityError: denied"),
    });
  });

  it("is not noticed where the browser has no Web Locks, and the store works all the same", async () => {
    freshBrowser({ locks: undefined });
    const [first, second] = [await opened(), await opened()];
    await first.apply({ position: at(1) });
    expect((await second.load())?.position.cursor).toBe(1);
    await first.close();
  });
});

describe("closing while loading", () => {
  it("gives everything back when the load has taken it", async () => {
    const store = indexedDbStore("alice");
    const loading = store.load();
    await store.close();
    expect(await loading).toBeNull();
    expect([...locks.held]).toEqual([]);
    await expect(store.known([])).rejects.toMatchObject({ code: "unavailable" });
    await deleteIndexedDbStore("alice");
  });

  it("and loading again leaves the store open", async () => {
    const store = indexedDbStore("alice");
    await Promise.all([store.load(), store.close(), store.load()]);
    await store.apply({ position: at(1) });
    expect([...locks.held]).toEqual(["shyim:alice"]);
  });
});

describe("a browser without IndexedDB", () => {
  it.each([[undefined], [null]])(
    "(%j) lets the store be made, and says at load what to do instead",
    async (indexedDB) => {
      freshBrowser({ indexedDB });
      const store = indexedDbStore("alice");
      const failure = { code: "store_failed", message: expect.stringContaining("use memoryStore()") };
      await expect(store.load()).rejects.toMatchObject(failure);
      await expect(deleteIndexedDbStore("alice")).rejects.toMatchObject(failure);
      await store.close();
    },
  );

  it("is one that forbids to look at it, too", async () => {
    vi.stubGlobal("indexedDB", undefined);
    vi.spyOn(globalThis, "indexedDB", "get").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    await expect(indexedDbStore("alice").load()).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("use memoryStore()"),
    });
  });

  it("or one that fails to open it keeps no lock, so that a later try can go well", async () => {
    const open = vi.spyOn(IDBFactory.prototype, "open").mockImplementationOnce(() => {
      throw new DOMException("no databases in this mode", "InvalidStateError");
    });
    const store = indexedDbStore("alice");
    await expect(store.load()).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringMatching(/no databases in this mode.*use memoryStore\(\)/),
    });
    expect([...locks.held]).toEqual([]);
    expect(await store.load()).toBeNull();
    expect(open).toHaveBeenCalledTimes(2);
  });
});

describe("a database in other hands", () => {
  it("of a newer version is left alone, with the advice to load the page anew", async () => {
    (await raw((factory) => factory.open("shyim:alice", 2))).close();
    await expect(indexedDbStore("alice").load()).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringMatching(/newer version of this library; load the page anew/),
    });
    expect([...locks.held]).toEqual([]);
    expect((await raw((factory) => factory.open("shyim:alice"))).version).toBe(2);
  });

  it("that is not ours is left alone", async () => {
    (await raw((factory) => factory.open("shyim:alice", 1))).close();
    await expect(indexedDbStore("alice").load()).rejects.toMatchObject({ code: "store_failed" });
    expect([...locks.held]).toEqual([]);
  });

  it("is given free for whoever wants to delete it; afterwards the store wants to be read again", async () => {
    const store = await opened();
    await store.apply({ position: at(1) });
    await raw((factory) => factory.deleteDatabase("shyim:alice"));
    const failure = { code: "unavailable", message: expect.stringContaining("call load() to go on") };
    await expect(store.apply({ position: at(2) })).rejects.toMatchObject(failure);
    await expect(store.known([])).rejects.toMatchObject(failure);
    expect(await store.load()).toBeNull();
    await store.apply({ position: at(3) });
  });

  it("is given free for a newer version", async () => {
    const store = await opened();
    await raw((factory) => factory.open("shyim:alice", 2));
    await expect(store.apply({ position: at(2) })).rejects.toMatchObject({ code: "unavailable" });
    await expect(store.load()).rejects.toMatchObject({ code: "store_failed" });
  });

  it("that the browser took away is opened again by the next load", async () => {
    const store = await opened();
    const made = watchTransactions();
    await store.apply({ position: at(1) });
    forceCloseDatabase(made.mock.contexts[0] as never);
    await settle();
    await expect(store.apply({ position: at(2) })).rejects.toMatchObject({ code: "unavailable" });
    expect((await store.load())?.position.cursor).toBe(1);
  });
});

describe("deleteIndexedDbStore", () => {
  it("forgets everything of one store and nothing of the others", async () => {
    for (const name of ["alice", "bob"]) {
      const store = await opened(name);
      await store.apply({ position: at(1), putOutbox: [entry(1)] });
      await store.close();
    }
    await deleteIndexedDbStore("alice");
    expect(await indexedDbStore("alice").load()).toBeNull();
    expect((await indexedDbStore("bob").load())?.outbox).toEqual([entry(1)]);
  });

  it("of what is not there is no error", async () => {
    await deleteIndexedDbStore("nobody");
    expect([...locks.held]).toEqual([]);
  });

  it("rejects with busy while the store is open, which keeps everything", async () => {
    const store = await opened();
    await store.apply({ position: at(1) });
    await expect(deleteIndexedDbStore("alice")).rejects.toMatchObject({ code: "busy" });
    expect((await store.load())?.position.cursor).toBe(1);
  });

  it("rejects with busy when a connection does not give way", async () => {
    const database = await raw((factory) => factory.open("shyim:alice"));
    await expect(deleteIndexedDbStore("alice")).rejects.toMatchObject({ code: "busy" });
    database.close();
  });

  it("refuses a name that is none", async () => {
    await expect(deleteIndexedDbStore("")).rejects.toMatchObject({ code: "invalid_argument" });
  });
});
