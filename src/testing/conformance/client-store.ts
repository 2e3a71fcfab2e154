import type { ClientPosition, ClientStore, OutboxEntry, SentEntry } from "../../client/contracts.js";
import type { InboxItem } from "../../core/model.js";
import { assertEqual, assertRejects, present } from "./assert.js";
import type { ConformanceRunner } from "./runner.js";

/** One client store, made for one case. */
export interface ClientStoreUnderTest {
  /** An empty store. The suite opens and closes it. */
  readonly store: ClientStore;
  /** A store on the same data, after `store` was closed; may be the same object. */
  reopen(): Promise<ClientStore>;
  /** Takes away what was made, the data included. */
  dispose(): Promise<void>;
}

type Body = (store: ClientStore, reopen: () => Promise<ClientStore>) => Promise<void>;

const entry = (clientId: number, parts: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientId,
  order: clientId,
  target: { kind: "single", id: "bob" },
  type: 1,
  content: Uint8Array.of(1, 2, 255),
  clientTime: 1_700_000_000_000,
  ...parts,
});

const sentEntry = (clientId: number, confirmed = true): SentEntry => ({ ...entry(clientId), seq: 7, confirmed });

const item = (seq: number): InboxItem => ({
  seq,
  message: {
    messageId: seq.toString(16).padStart(32, "0"),
    senderId: "bob",
    target: { kind: "group", id: "9" },
    type: 1,
    content: Uint8Array.of(seq & 0xff),
    conversationSeq: seq,
    serverTime: 1_700_000_000_000,
    clientTime: 0,
  },
});

const positionAt = (cursor: number): ClientPosition => ({
  instanceId: Uint8Array.from({ length: 16 }, (_, index) => index),
  userId: "alice",
  origin: "00112233aabbccdd",
  syncEpoch: "epoch-1",
  cursor,
  cursorMessageId: cursor === 0 ? null : item(cursor).message.messageId,
  resyncUntil: null,
});

const idsOf = (items: readonly InboxItem[]): string[] => items.map(({ message }) => message.messageId);

const byId = <T extends { readonly clientId: number }>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => a.clientId - b.clientId);

/** Everything in the store, lists in a fixed order. */
async function read(store: ClientStore) {
  const { position, outbox, sent } = present(await store.load(), "a snapshot");
  return { position, outbox: byId(outbox), sent: byId(sent) };
}

const CASES: Readonly<Record<string, Body>> = {
  "a new store is empty": async (store) => {
    assertEqual(await store.load(), null, "the snapshot of a new store");
  },

  "what was saved is read after a close": async (store, reopen) => {
    await store.load();
    await store.apply({ position: positionAt(3), putOutbox: [entry(5), entry(2 ** 53 - 1)], putSent: [sentEntry(4)] });
    await store.close();
    const expected = { position: positionAt(3), outbox: [entry(5), entry(2 ** 53 - 1)], sent: [sentEntry(4)] };
    assertEqual(await read(await reopen()), expected, "the snapshot");
  },

  "a resync that is not over is read as it was saved": async (store, reopen) => {
    await store.load();
    const position = { ...positionAt(3), resyncUntil: 9, cursorMessageId: null };
    await store.apply({ position });
    await store.close();
    assertEqual((await read(await reopen())).position, position, "the position");
  },

  "every byte of a large content is read as it was saved": async (store, reopen) => {
    await store.load();
    const content = Uint8Array.from({ length: 70_000 }, (_, index) => index & 0xff);
    await store.apply({ position: positionAt(0), putOutbox: [entry(1, { content })] });
    await store.close();
    const [saved] = (await read(await reopen())).outbox;
    assertEqual(Array.from(present(saved, "the entry").content), Array.from(content), "the content");
  },

  "a change leaves alone what it does not name": async (store) => {
    await store.load();
    await store.apply({ position: positionAt(3), putOutbox: [entry(5)], putSent: [sentEntry(4)] });
    await store.apply({ putOutbox: [entry(6)] });
    const expected = { position: positionAt(3), outbox: [entry(5), entry(6)], sent: [sentEntry(4)] };
    assertEqual(await read(store), expected, "the snapshot");
  },

  "an entry is replaced by its client id and removed by it": async (store) => {
    await store.load();
    await store.apply({ position: positionAt(0), putOutbox: [entry(1), entry(2)], putSent: [sentEntry(3)] });
    await store.apply({ removeOutbox: [1], putSent: [sentEntry(3, false), sentEntry(4)] });
    await store.apply({ removeSent: [4] });
    const { outbox, sent } = await read(store);
    assertEqual(outbox, [entry(2)], "the outbox");
    assertEqual(sent, [sentEntry(3, false)], "the sent log");
  },

  "removing what is not there is no error": async (store) => {
    await store.load();
    await store.apply({ position: positionAt(0), removeOutbox: [1], removeSent: [2] });
    assertEqual((await read(store)).outbox, [], "the outbox");
  },

  "an empty change is no error": async (store) => {
    await store.load();
    await store.apply({});
    assertEqual(await store.load(), null, "the snapshot of a store nothing was saved in");
  },

  "changes take effect in the order of the calls, also without waiting": async (store) => {
    await store.load();
    const changes = Array.from({ length: 50 }, (_, index) => store.apply({ position: positionAt(index) }));
    await Promise.all(changes);
    assertEqual((await read(store)).position.cursor, 49, "the cursor");
  },

  "I6: items that were saved are known, also after a close; others are not": async (store, reopen) => {
    await store.load();
    await store.apply({ position: positionAt(2), items: [item(1), item(2)] });
    await store.close();
    const again = await reopen();
    await again.load();
    const known = await again.known(idsOf([item(1), item(2), item(3)]));
    assertEqual([...known].sort(), idsOf([item(1), item(2)]), "the known ids");
  },

  "I6: the newest 20,000 items are known": async (store) => {
    await store.load();
    const items = Array.from({ length: 25_000 }, (_, index) => item(index + 1));
    for (let from = 0; from < items.length; from += 1_000) {
      const some = items.slice(from, from + 1_000);
      await store.apply({ position: positionAt(from + 1_000), items: some });
    }
    const newest = items.slice(-20_000);
    assertEqual((await store.known(idsOf(newest))).size, newest.length, "how many of the newest are known");
  },

  "nothing is known of an empty question": async (store) => {
    await store.load();
    assertEqual((await store.known([])).size, 0, "the answer's size");
  },

  "every call before load and after close rejects with unavailable": async (store) => {
    await assertClosed(store);
    await store.load();
    await store.close();
    await assertClosed(store);
  },

  "a close is harmless when repeated and before load": async (store) => {
    await store.close();
    await store.load();
    await store.close();
    await store.close();
  },
};

async function assertClosed(store: ClientStore): Promise<void> {
  await assertRejects(() => store.apply({ position: positionAt(1) }), "unavailable", "apply");
  await assertRejects(() => store.known([item(1).message.messageId]), "unavailable", "known");
}

/**
 * Proves that a client store keeps the contract of `client/contracts.ts`: registers its cases with `runner`, each on a
 * fresh store from `create`.
 */
export function clientStoreConformance(
  { describe, it }: ConformanceRunner,
  create: () => Promise<ClientStoreUnderTest>,
): void {
  describe("client store", () => {
    for (const [name, body] of Object.entries(CASES)) {
      it(name, async () => {
        const { store, reopen, dispose } = await create();
        const opened: ClientStore[] = [store];
        const another = async (): Promise<ClientStore> => {
          const next = await reopen();
          opened.push(next);
          return next;
        };
        try {
          await body(store, another);
        } finally {
          for (const each of opened) await each.close();
          await dispose();
        }
      });
    }
  });
}
