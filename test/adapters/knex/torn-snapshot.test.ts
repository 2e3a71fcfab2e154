import type { Knex } from "knex";
import { describe, expect, it, onTestFinished } from "vitest";
import { sqliteDialect } from "../../../src/adapters/knex/dialects/sqlite-dialect.js";
import { readConversation } from "../../../src/adapters/knex/messages/read-conversation.js";
import { readInbox } from "../../../src/adapters/knex/messages/read-inbox.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { SqlitePlace } from "./sqlite-place.js";

const { rowsOf } = sqliteDialect;
const PAGE = { maxItems: 10, maxBytes: 100_000 };
const TO_BOB = { kind: "single", id: "bob" } as const;

/** Eight messages from ann to bob, and a knex whose first `torn` answers lack the rows that `isMissing` names. */
async function open(torn: number, isMissing: (row: Readonly<Record<string, unknown>>) => boolean) {
  const place = await SqlitePlace.create();
  onTestFinished(() => place.remove());
  const storage = place.storage();
  await storage.start();
  const uplinks = new UplinkMaker();
  await storage.messages.commit(Array.from({ length: 8 }, () => uplinks.make({ senderId: "ann", to: "bob" })));
  await storage.close();
  const knex = place.knex();
  onTestFinished(() => knex.destroy());
  let asked = 0;
  const raw = async (sql: string, bindings: Knex.RawBinding[]) => {
    const rows = rowsOf(await knex.raw(sql, bindings)) as Record<string, unknown>[];
    return asked++ < torn ? rows.filter((row) => !isMissing(row)) : rows;
  };
  return { db: { raw } as unknown as Knex, asked: () => asked };
}

describe("a statement that shows a later commit and not an earlier one", () => {
  it.each([
    ["in the middle", 5],
    ["just below the head", 8],
  ])("I4: is made again, so that an inbox is read without a hole: %s", async (_, missing) => {
    const { db } = await open(1, ({ seq }) => seq === missing);
    const { items, headSeq } = await readInbox(db, rowsOf, "bob", 0, PAGE);
    expect(items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(headSeq).toBe(8);
  });

  it("I9: is made again, so that no message is missing in a conversation", async () => {
    const { db } = await open(1, ({ conversation_seq }) => conversation_seq === 6);
    const { messages } = await readConversation(db, rowsOf, "ann", TO_BOB, 9, { ...PAGE, maxItems: 4 });
    expect(messages.map(({ conversationSeq }) => conversationSeq)).toEqual([5, 6, 7, 8]);
  });

  it("is made three times at most: what is really missing ends the page, and is never passed over", async () => {
    const { db, asked } = await open(Number.POSITIVE_INFINITY, ({ seq }) => seq === 5);
    const { items, headSeq } = await readInbox(db, rowsOf, "bob", 0, PAGE);
    expect([items.map(({ seq }) => seq), headSeq]).toEqual([[1, 2, 3, 4], 8]);
    expect(asked()).toBe(3);
  });

  it("is made once where nothing is missing: a page that is cut by its items or by its bytes, and the end", async () => {
    const { db, asked } = await open(0, () => false);
    const pages = [
      await readInbox(db, rowsOf, "bob", 0, { ...PAGE, maxItems: 3 }),
      await readInbox(db, rowsOf, "bob", 2, { ...PAGE, maxBytes: 1 }),
      await readInbox(db, rowsOf, "bob", 8, PAGE),
      await readInbox(db, rowsOf, "nobody", 0, PAGE),
    ];
    expect(pages.map(({ items }) => items.length)).toEqual([3, 1, 0, 0]);
    expect(asked()).toBe(4);
  });
});
