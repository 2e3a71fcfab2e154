import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createImServer, type ImServer } from "../../src/index.js";
import { SqlitePlace } from "../adapters/knex/sqlite-place.js";

/** A server and an application with users of its own in one file. */
describe("a send within a transaction of an application whose users are in the same file", () => {
  let place: SqlitePlace;
  let knex: ReturnType<SqlitePlace["knex"]>;
  let im: ImServer;

  beforeEach(async () => {
    place = await SqlitePlace.create();
    knex = place.knex();
    await knex.schema.createTable("users", (table) => void table.string("id"));
    await knex("users").insert([{ id: "ann" }, { id: "bob" }]);
    const exists = async (id: string) => (await knex("users").where({ id }).first()) !== undefined;
    im = createImServer({ auth: { authenticate: () => null, exists }, storage: place.storage() });
    await im.start();
  });

  afterEach(async () => {
    await im.close();
    await knex.destroy();
    await place.remove();
  });

  const delivered = () =>
    new Promise<string | undefined>((resolve) => void im.on("message", ({ message }) => resolve(message.text)));

  it("asks the rules while the transaction is open, and delivers", async () => {
    const told = delivered();
    await knex.transaction(async (transaction) => {
      await transaction("users").insert({ id: "cid" });
      await im.messages.send({ to: { userId: "bob" }, from: "ann", text: "hello" }, { transaction });
    });
    expect(await told).toBe("hello");
  });

  it("is told of a savepoint's end only when the outermost transaction has committed", async () => {
    const told = delivered();
    await knex.transaction(async (outer) => {
      await outer.transaction(async (transaction) => {
        await im.messages.send({ to: { userId: "bob" }, text: "within" }, { transaction });
      });
      expect((await knex("shyim_message")).length).toBe(0);
    });
    expect(await told).toBe("within");
  });

  it("refuses a transaction on another chat's file, and one on a file without a chat", async () => {
    const other = await SqlitePlace.create();
    for (const prepare of [async () => {}, () => other.storage().migrate()]) {
      await prepare();
      const elsewhere = other.knex();
      const send = elsewhere.transaction((transaction) => {
        return im.messages.send({ to: { userId: "bob" }, text: "lost" }, { transaction });
      });
      await expect(send).rejects.toMatchObject({ code: "invalid_argument", message: /the database the chat is in/ });
      await elsewhere.destroy();
    }
    await other.remove();
  });

  it.each([{}, { transaction: undefined }, { transaction: null }, { trx: {} }, null])(
    "refuses the options %o instead of sending outside of any transaction",
    async (options) => {
      const send = im.messages.send({ to: { userId: "bob" }, text: "x" }, options as never);
      await expect(send).rejects.toMatchObject({ code: "invalid_argument" });
      expect((await knex("shyim_message")).length).toBe(0);
    },
  );
});
