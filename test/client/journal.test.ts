import { describe, expect, it } from "vitest";
import type { ClientPosition, OutboxEntry, StoreChange } from "../../src/client/contracts.js";
import { Journal } from "../../src/client/journal.js";
import { mergeChanges } from "../../src/client/merge-changes.js";
import { ImError } from "../../src/core/errors.js";
import { settle } from "../../src/testing/fakes/virtual-time.js";
import { item } from "./fake-platform.js";
import { FaultyStore } from "./faulty-store.js";

const entry = (clientId: number, order = clientId): OutboxEntry => ({
  clientId,
  order,
  target: { kind: "single", id: "bob" },
  type: 1,
  content: new Uint8Array(),
  clientTime: 0,
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

describe("merging changes", () => {
  it("has the effect of the changes one after the other", () => {
    const changes: StoreChange[] = [
      { position: at(1), items: [item(1)], putOutbox: [entry(1), entry(2)] },
      { removeOutbox: [1, 9], putSent: [{ ...entry(1), seq: 4, confirmed: true }] },
      { position: at(2), items: [item(2)], putOutbox: [entry(9)], removeSent: [1] },
    ];
    expect(mergeChanges(changes)).toEqual({
      position: at(2),
      items: [item(1), item(2)],
      putOutbox: [entry(2), entry(9)],
      removeOutbox: [1],
      removeSent: [1],
    });
  });

  it("leaves a single change as it is", () => {
    const change = { putOutbox: [entry(1)] };
    expect(mergeChanges([change])).toBe(change);
  });
});

describe("journal", () => {
  async function journalOn(store: FaultyStore) {
    const failures: string[] = [];
    const journal = new Journal(store, ({ message }) => failures.push(message));
    await journal.load();
    return { journal, failures };
  }

  it("saves what arrives during a save together with the next, in order", async () => {
    const store = new FaultyStore();
    const { journal } = await journalOn(store);
    const done: number[] = [];
    await Promise.all([1, 2, 3].map((id) => journal.apply({ putOutbox: [entry(id)] }).then(() => done.push(id))));
    expect(store.changes).toEqual([{ putOutbox: [entry(1)] }, { putOutbox: [entry(2), entry(3)] }]);
    expect(done).toEqual([1, 2, 3]);
  });

  it("after a failure rejects everything behind it, and takes nothing until the store was read again", async () => {
    const store = new FaultyStore();
    const { journal, failures } = await journalOn(store);
    store.failures.push("apply");
    const codes = await Promise.all([1, 2].map((id) => journal.apply({ putOutbox: [entry(id)] }).catch((e) => e.code)));
    expect([codes, failures]).toEqual([["store_failed", "store_failed"], ["the client's store failed to write"]]);
    await expect(journal.apply({ putOutbox: [entry(3)] })).rejects.toMatchObject({ code: "store_failed" });
    await journal.load();
    await journal.apply({ putOutbox: [entry(4)] });
    expect(store.changes).toEqual([{ putOutbox: [entry(4)] }]);
  });

  it.each([
    [new ImError("busy", { message: "open in another tab" }), "busy", "open in another tab"],
    [
      new ImError("unavailable", { message: "call load()" }),
      "store_failed",
      "the client's store failed to read: call load()",
    ],
    [new Error("secret"), "store_failed", "the client's store failed to read"],
  ])(
    "tells a store that others use from a broken one, and passes on what it advises: %s",
    async (cause, code, message) => {
      const load = () => Promise.reject(cause);
      const journal = new Journal(Object.assign(new FaultyStore(), { load }), () => {});
      await expect(journal.load()).rejects.toMatchObject({ code, message, cause });
    },
  );

  it("closes the store after the last change", async () => {
    const store = new FaultyStore();
    const { journal } = await journalOn(store);
    store.hold();
    const saved = journal.apply({ position: at(1) });
    const closed = journal.close();
    await settle();
    store.release();
    await Promise.all([saved, closed]);
    expect(store.changes).toEqual([{ position: at(1) }]);
  });
});
