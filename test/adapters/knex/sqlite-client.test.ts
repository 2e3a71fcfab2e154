import type { Knex } from "knex";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteConnection } from "../../../src/adapters/knex/sqlite/sqlite-connection.js";
import type { SqliteHandle } from "../../../src/adapters/knex/sqlite/sqlite-driver.js";
import { SqlitePlace } from "./sqlite-place.js";

describe("an application's own knex over sqliteClient", () => {
  let place: SqlitePlace;
  let knex: Knex;

  beforeEach(async () => {
    place = await SqlitePlace.create();
    knex = place.knex();
    await knex.schema.createTable("orders", (table) => {
      table.integer("id");
      table.integer("at");
      table.string("state");
      table.boolean("paid");
    });
    await knex("orders").insert({ id: 981, state: "new" });
  });

  afterEach(async () => {
    await knex.destroy();
    await place.remove();
  });

  it("stores a Date as milliseconds and a boolean as 0 or 1, wherever they stand", async () => {
    const changed = await knex("orders")
      .where({ id: 981 })
      .update({ at: new Date(5), state: "shipped", paid: true });
    expect(changed).toBe(1);
    expect(await knex("orders")).toEqual([{ id: 981, at: 5, state: "shipped", paid: 1 }]);
    expect(
      await knex("orders")
        .where({ paid: true, at: new Date(5) })
        .first(),
    ).toMatchObject({ id: 981 });
    await knex("orders").insert({ state: "new", paid: false, at: new Date(7) });
    expect(await knex("orders").where({ at: 7 })).toEqual([{ id: null, at: 7, state: "new", paid: 0 }]);
  });

  it.each([{}, { a: 1 }, [], Symbol("x"), () => {}])(
    "refuses %o as a value, first or last, and changes nothing",
    async (wrong) => {
      const update = (values: object) =>
        knex.raw("update orders set state = ?, at = ? where id = 981", values as never);
      await expect(update([wrong, 1])).rejects.toThrow();
      await expect(update(["x", wrong])).rejects.toThrow();
      expect(await knex("orders")).toEqual([{ id: 981, at: null, state: "new", paid: null }]);
    },
  );

  it("gives plain objects as rows", async () => {
    const row: object = await knex("orders").first();
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  it("can read while its transaction is open", async () => {
    const seen = await knex.transaction(async (transaction) => {
      await transaction("orders").update({ state: "shipped" });
      return knex("orders").pluck("state");
    });
    expect(seen).toEqual(["new"]);
  });
});

describe("a long queue of calls", () => {
  it.each(["reads", "commits"])("I16: lets timers and sockets have their turn between %s", async (kind) => {
    const place = await SqlitePlace.create();
    const storage = place.storage();
    await storage.start();
    let isOver = false;
    const call = () => (kind === "reads" ? storage.messages.readHeads(["ann"]) : storage.messages.commit([]));
    const calls = Promise.all(Array.from({ length: 300 }, call)).then(() => {
      isOver = true;
    });
    let turns = 0;
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    await calls;
    await storage.close();
    await place.remove();
    expect(turns).toBeGreaterThanOrEqual(300);
  });
});

describe("the compiled statements of a connection", () => {
  it("I15: are kept up to a bound of characters, the least recently used going first", () => {
    const prepared: string[] = [];
    const handle: SqliteHandle = {
      prepare: (sql) => {
        prepared.push(sql);
        const rows = sql.includes("journal_mode") ? [{ journal_mode: "wal" }] : [];
        return { all: () => rows, run: () => ({ changes: 0, lastInsertRowid: 0 }) };
      },
      exec: () => {},
      close: () => {},
    };
    const connection = SqliteConnection.open(() => handle, "chat.db", "FULL");
    const statement = (name: string) => `${name} ${"?".repeat(30_000)}`;
    const run = (name: string) => void connection.execute(statement(name), [], true);
    for (const name of ["a", "b", "c", "d", "a"]) run(name);
    expect(prepared.length).toBe(5);
    for (const name of ["e", "a", "b"]) run(name);
    expect(prepared.slice(5).map((sql) => sql[0])).toEqual(["e", "b"]);
  });

  it("run all the same when one alone is beyond the bound", () => {
    const handle: SqliteHandle = {
      prepare: () => ({ all: () => [{ journal_mode: "wal" }], run: () => ({ changes: 1, lastInsertRowid: 0 }) }),
      exec: () => {},
      close: () => {},
    };
    const connection = SqliteConnection.open(() => handle, "chat.db", "FULL");
    expect(connection.execute("x".repeat(200_000), [], false).changes).toBe(1);
  });
});
