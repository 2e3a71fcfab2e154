/**
 * A program that writes an order and a message in one transaction and dies by SIGKILL before its n-th statement after the
 * start: `node --import tsx dying-application.ts <file> <n>`. Prints `survived` when it came to the end.
 */
import createKnex from "knex";
import { knexStorage, sqliteClient } from "../../src/adapters/knex/index.js";
import { SqliteConnection } from "../../src/adapters/knex/sqlite/sqlite-connection.js";
import { createImServer } from "../../src/index.js";

const [filename = "", fatal = ""] = process.argv.slice(2);

/** Every statement of the chat and of the application comes through here. */
function dieBefore(statement: number): void {
  const { execute } = SqliteConnection.prototype;
  let count = 0;
  SqliteConnection.prototype.execute = function (this: SqliteConnection, ...args) {
    if (++count === statement) process.kill(process.pid, "SIGKILL");
    return execute.apply(this, args);
  };
}

const storage = knexStorage({ client: "sqlite", connection: { filename } });
const im = createImServer({ auth: { authenticate: () => null }, storage });
const knex = createKnex({ client: sqliteClient, connection: { filename }, useNullAsDefault: true });

await im.start();
await knex.schema.createTable("orders", (table) => void table.string("name"));
const stored = new Promise<void>((resolve) => void im.on("message", () => resolve()));
dieBefore(Number(fatal));
await knex.transaction(async (transaction) => {
  await transaction("orders").insert({ name: "981" });
  await im.messages.send({ to: { userId: "bob" }, text: "your order 981 is on its way" }, { transaction });
});
await stored;
await im.close();
await knex.destroy();
console.log("survived");
