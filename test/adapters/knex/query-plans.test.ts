import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqliteDialect } from "../../../src/adapters/knex/dialect.js";
import { readHeads } from "../../../src/adapters/knex/messages/read-heads.js";
import { readInbox } from "../../../src/adapters/knex/messages/read-inbox.js";
import { SqlitePlace } from "./sqlite-place.js";

const ITEMS = 1_000_000;
const PAGE = { maxItems: 50, maxBytes: 262_144 };

/** A million items in one inbox, put there by the database itself. */
const FILL = [
  `insert into shyim_message (id, sender_id, sender_seq, conversation, conversation_seq, type, content, server_time, client_time)
   with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ITEMS})
   select cast(printf('%016d', i) as blob), 'ann', i, 's ann bob', i, 1, x'6869', 0, 0 from n`,
  "insert into shyim_inbox (user_id, seq, message_row) select 'bob', conversation_seq, row_id from shyim_message",
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
      expect.stringContaining("SEARCH inbox USING PRIMARY KEY (user_id=? AND seq>?)"),
    ]);
    expect(plan?.filter((step) => /SCAN (?!page|\(subquery)|TEMP B-TREE|AUTOMATIC/.test(step))).toEqual([]);
  });

  it("a page in the middle holds the next 50 items", async () => {
    const { items, headSeq } = await readInbox(knex, sqliteDialect.rowsOf, "bob", ITEMS / 2, PAGE);
    expect([items.length, items[0]?.seq, items.at(-1)?.seq, headSeq]).toEqual([50, 500_001, 500_050, ITEMS]);
  });

  it("heads are looked up by their keys", async () => {
    const [plan, ...more] = await plansOf(() => readHeads(knex, ["ann", "bob"]));
    expect(more).toEqual([]);
    expect(plan?.filter((step) => step.startsWith("SCAN"))).toEqual([]);
    expect(plan?.some((step) => step.includes("SEARCH head USING PRIMARY KEY (user_id=?)"))).toBe(true);
  });
});
