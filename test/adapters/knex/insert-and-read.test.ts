import { describe, expect, it, onTestFinished } from "vitest";
import { sqliteDialect } from "../../../src/adapters/knex/dialects/sqlite-dialect.js";
import { insertAndRead } from "../../../src/adapters/knex/insert-rows.js";
import { SqlitePlace } from "./sqlite-place.js";

const COUNT = 700;
const reading = { key: "name", columns: ["name", "amount"] };

async function openStock() {
  const place = await SqlitePlace.create();
  const knex = place.knex();
  onTestFinished(async () => {
    await knex.destroy();
    await place.remove();
  });
  await knex.raw("create table stock (name text primary key, amount integer) strict");
  await knex.raw("insert into stock values ('n0', 100)");
  return knex;
}

describe("rows that are inserted and read", () => {
  it.each([
    ["answers an insert with them", sqliteDialect],
    ["answers with none, as MySQL does", { ...sqliteDialect, returning: () => "" }],
  ])("are what they are afterwards, on a server that %s", async (_, dialect) => {
    const knex = await openStock();
    const rows = Array.from({ length: COUNT }, (__, n) => [`n${n}`, 1]);
    const add = "on conflict (name) do update set amount = stock.amount + excluded.amount";
    const read = await insertAndRead<{ name: string; amount: number }>(
      ...([knex, dialect, "stock", ["name", "amount"], rows, reading, add] as const),
    );
    const amounts = new Map(read.map(({ name, amount }) => [name, amount]));
    expect(read).toHaveLength(COUNT);
    expect(amounts.size).toBe(COUNT);
    expect([amounts.get("n0"), amounts.get("n1"), amounts.get(`n${COUNT - 1}`)]).toEqual([101, 1, 1]);
  });
});
