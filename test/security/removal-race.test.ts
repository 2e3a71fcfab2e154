import { describe, expect, it } from "vitest";
import type { Membership, Storage } from "../../src/adapters/contracts/index.js";
import { createImServer, memoryStorage } from "../../src/index.js";
import { SqlitePlace } from "../adapters/knex/sqlite-place.js";

const ROUNDS = 10_000;

/** Removes, sends and adds again, all at once and again and again. */
async function race(storage: Storage) {
  const im = createImServer({ auth: { authenticate: () => null }, storage });
  await im.start();
  const { id } = await im.groups.create({ name: "group", ownerId: "ann", memberIds: ["bob"] });
  const late = new Set<string>();
  const send = async (note: (messageId: string) => void) => {
    note((await im.messages.send({ to: { groupId: id }, from: "ann", text: "x" })).messageId);
  };
  for (let round = 0; round < ROUNDS; round++) {
    const removal = im.groups.remove(id, "bob");
    const racing = send(() => {});
    await removal;
    // The removal is acknowledged: what begins now must not reach Bob.
    await Promise.all([racing, send((messageId) => late.add(messageId))]);
    await im.groups.add(id, ["bob"]);
  }
  const stays = (await storage.groups.memberships(id)).filter(({ userId }) => userId === "bob");
  const inbox = await readAll(storage, "bob");
  const history = await im.messages.history("bob", { groupId: id }, { limit: 200 });
  await im.close();
  return { late, stays, inbox, history };
}

async function readAll(storage: Storage, userId: string) {
  const items = [];
  for (;;) {
    const page = await storage.messages.readInbox(userId, items.length, { maxItems: 10_000, maxBytes: 2 ** 30 });
    if (page.items.length === 0) return items;
    items.push(...page.items);
  }
}

const isWithin = (position: number) => (stay: Membership) =>
  stay.joinedSeq < position && position <= (stay.leftSeq ?? Number.POSITIVE_INFINITY);

function expectOnlyTheirs({ late, stays, inbox, history }: Awaited<ReturnType<typeof race>>): void {
  expect(late.size).toBe(ROUNDS);
  expect(stays).toHaveLength(ROUNDS + 1);
  expect(inbox.filter(({ message }) => late.has(message.messageId))).toEqual([]);
  expect(inbox.filter(({ message }) => !stays.some(isWithin(message.conversationSeq)))).toEqual([]);
  expect(inbox.length).toBeGreaterThan(ROUNDS);
  // The history shows the same: what was said while Bob was in, and nothing else.
  const recent = inbox.slice(-history.messages.length).map(({ message }) => message.messageId);
  expect(history.messages.map(({ messageId }) => messageId)).toEqual(recent);
  expect(history.hasMore).toBe(true);
}

describe("S20, I11: 10,000 removals racing sends", () => {
  it("nothing sent after an acknowledged removal reaches the removed member, in memory", async () => {
    expectOnlyTheirs(await race(memoryStorage()));
  }, 120_000);

  it("nothing sent after an acknowledged removal reaches the removed member, on SQLite", async () => {
    const place = await SqlitePlace.create();
    try {
      const connection = { filename: place.filename, synchronous: "NORMAL" } as const;
      expectOnlyTheirs(await race(place.storage("sqlite", { connection })));
    } finally {
      await place.remove();
    }
  }, 240_000);
});
