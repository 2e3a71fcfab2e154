import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqliteDialect } from "../../../src/adapters/knex/dialects/sqlite-dialect.js";
import { readGroupsOf } from "../../../src/adapters/knex/groups/read-group.js";
import { readFacts } from "../../../src/adapters/knex/messages/commit-facts.js";
import { readConversation } from "../../../src/adapters/knex/messages/read-conversation.js";
import { readHeads } from "../../../src/adapters/knex/messages/read-heads.js";
import { readInbox } from "../../../src/adapters/knex/messages/read-inbox.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { SqlitePlace } from "./sqlite-place.js";

const ITEMS = 1_000_000;
const PAGE = { maxItems: 50, maxBytes: 262_144 };

/** A million items in one inbox, put there by the database itself. */
const FILL = [
  `insert into shyim_message (id, sender_id, sender_seq, conversation, conversation_seq, type, content, server_time, client_time)
   with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ITEMS})
   select cast(printf('%016d', i) as blob), 'ann', i, 's ann bob', i, 1, x'6869', 0, 0 from n`,
  // A group in which bob was for its first and for its last hundred messages, and not in between.
  `insert into shyim_message (id, sender_id, sender_seq, conversation, conversation_seq, type, content, server_time, client_time)
   select cast('g' || substr(id, 2) as blob), 'ann', 0, 'g big', conversation_seq, 1, x'6869', 0, 0 from shyim_message`,
  "insert into shyim_group (id, name, owner_id) values ('big', 'big', 'ann')",
  `insert into shyim_group_member (group_id, user_id, role, joined_seq) values ('big', 'bob', 'member', ${ITEMS - 100})`,
  "insert into shyim_past_stay (group_id, user_id, stay, role, joined_seq, left_seq) values ('big', 'bob', 1, 'member', 0, 100)",
  `insert into shyim_inbox (user_id, seq, message_row)
   select 'bob', conversation_seq, row_id from shyim_message where conversation = 's ann bob'`,
  `insert into shyim_conversation (id, seq) values ('s ann bob', ${ITEMS}), ('g big', ${ITEMS})`,
  `insert into shyim_inbox_head (user_id, seq, floor_seq, base_seq) values ('bob', ${ITEMS}, 0, 0)`,
];

describe("reading from a million items", () => {
  let place: SqlitePlace;
  let knex: Knex;

  beforeAll(async () => {
    place = await SqlitePlace.create();
    const storage = place.storage();
    await storage.migrate();
    knex = place.knex();
    for (const statement of FILL) await knex.raw(statement);
  }, 120_000);

  afterAll(async () => {
    await knex.destroy();
    await place.remove();
  });

  /** What SQLite says it does for the statements that `work` sends. */
  async function plansOf(work: () => Promise<unknown>): Promise<string[][]> {
    const sent: { sql: string; bindings: Knex.RawBinding[] }[] = [];
    const note = ({ sql, bindings }: { sql: string; bindings: Knex.RawBinding[] }) => void sent.push({ sql, bindings });
    knex.on("query", note);
    await work();
    knex.off("query", note);
    const plans = [];
    for (const { sql, bindings } of sent) {
      const rows: { detail: string }[] = await knex.raw(`explain query plan ${sql}`, bindings);
      plans.push(rows.map(({ detail }) => detail));
    }
    return plans;
  }

  it("Q8: a page is one statement that walks the inbox along its key and scans, sorts and builds nothing", async () => {
    const [plan, ...more] = await plansOf(() => readInbox(knex, sqliteDialect.rowsOf, "bob", ITEMS / 2, PAGE));
    expect(more).toEqual([]);
    expect(plan?.filter((step) => step.includes("inbox USING"))).toEqual([
      expect.stringContaining("SEARCH inbox USING PRIMARY KEY (user_id=? AND seq>? AND seq<?)"),
    ]);
    expect(plan?.filter((step) => /SCAN (?!page|\(subquery)|TEMP B-TREE|AUTOMATIC/.test(step))).toEqual([]);
  });

  it("a page in the middle holds the next 50 items", async () => {
    const { items, headSeq } = await readInbox(knex, sqliteDialect.rowsOf, "bob", ITEMS / 2, PAGE);
    expect([items.length, items[0]?.seq, items.at(-1)?.seq, headSeq]).toEqual([50, 500_001, 500_050, ITEMS]);
  });

  const SINGLE = { kind: "single", id: "ann" } as const;
  const GROUP = { kind: "group", id: "big" } as const;
  const history = (target: typeof SINGLE | typeof GROUP, before: number) =>
    readConversation(knex, sqliteDialect.rowsOf, "bob", target, before, PAGE);

  it.each([
    ["a single chat", SINGLE, ITEMS / 2],
    ["a group", GROUP, ITEMS + 1],
  ])(
    "a page of the history of %s is one statement that walks the conversation's key and sorts no message",
    async (_name, target, before) => {
      const [plan, ...more] = await plansOf(() => history(target, before));
      expect(more).toEqual([]);
      expect(plan?.filter((step) => step.includes("SEARCH shyim_message"))).toEqual([
        expect.stringMatching(/USING INDEX \S+ \(conversation=\? AND conversation_seq>\? AND conversation_seq<\?\)/),
      ]);
      expect(plan?.filter((step) => step.startsWith("SCAN shyim_"))).toEqual([]);
      expect(
        plan?.slice(plan.indexOf("MATERIALIZE page")).filter((step) => /TEMP B-TREE|AUTOMATIC/.test(step)),
      ).toEqual([]);
    },
  );

  it("a page of history goes from one stay to the one before it without reading what lies between", async () => {
    const newest = await history(GROUP, ITEMS - 69);
    expect(newest.messages.map((message) => message.conversationSeq)).toEqual([
      ...Array.from({ length: 20 }, (_, index) => 81 + index),
      ...Array.from({ length: 30 }, (_, index) => ITEMS - 99 + index),
    ]);
    expect(newest.hasMore).toBe(true);
    expect((await plansOf(() => history(GROUP, ITEMS - 69))).length).toBe(3);
  });

  it("blocks are looked up by their keys", async () => {
    const maker = new UplinkMaker();
    const batch = [maker.make({}), maker.make({ to: "cid" }), maker.make({ senderId: "bob", to: "ann" })];
    const plans = await plansOf(() => readFacts(knex, batch, "look"));
    const plan = plans.find((steps) => steps.some((step) => step.includes("shyim_block")));
    expect(
      plan?.some((step) => step.includes("SEARCH shyim_block USING PRIMARY KEY (user_id=? AND blocked_id=?)")),
    ).toBe(true);
  });

  it("no blocks are looked for where no user writes to another", async () => {
    const maker = new UplinkMaker();
    const batch = [maker.make({ senderId: null }), maker.make({ to: "ann" }), maker.make({ target: GROUP })];
    const plans = await plansOf(() => readFacts(knex, batch, "look"));
    expect(plans.flat().filter((step) => step.includes("shyim_block"))).toEqual([]);
  });

  it("the groups of a user are found by an index and read in their order", async () => {
    const [plan] = await plansOf(() => readGroupsOf(knex, "bob"));
    expect(plan?.some((step) => step.includes("USING INDEX shyim_group_member_user (user_id=?)"))).toBe(true);
    expect(plan?.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([]);
  });

  it("heads are looked up by their keys", async () => {
    const [plan, ...more] = await plansOf(() => readHeads(knex, ["ann", "bob"]));
    expect(more).toEqual([]);
    expect(plan?.filter((step) => step.startsWith("SCAN"))).toEqual([]);
    expect(plan?.some((step) => step.includes("SEARCH head USING PRIMARY KEY (user_id=?)"))).toBe(true);
  });
});
