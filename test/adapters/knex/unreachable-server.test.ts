import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mysqlDialect } from "../../../src/adapters/knex/dialects/mysql-dialect.js";
import { postgresDialect } from "../../../src/adapters/knex/dialects/postgres-dialect.js";
import { sqliteDialect } from "../../../src/adapters/knex/dialects/sqlite-dialect.js";
import { type KnexStorage, knexStorage } from "../../../src/adapters/knex/index.js";

const SERVERS = [
  ["pg", "connectionTimeoutMillis"],
  ["mysql2", "connectTimeout"],
] as const;

let silent: Server;
let sockets: Socket[];

/** Somebody who lets callers in and never says a word. */
beforeEach(async () => {
  sockets = [];
  silent = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.resume();
  });
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
});

afterEach(() => silence());

async function silence(): Promise<void> {
  for (const socket of sockets) socket.destroy();
  if (silent.listening) await new Promise((done) => silent.close(done));
}

function storageAt(client: "pg" | "mysql2", settings: object = {}): KnexStorage {
  const { port } = silent.address() as AddressInfo;
  const connection = { host: "127.0.0.1", port, user: "chat", password: "secret", database: "chat", ...settings };
  return knexStorage({ client, connection });
}

describe.each(SERVERS)("a server for %s", (client, timeout) => {
  it("that refuses the connection makes a start `unavailable`, which can be tried again", async () => {
    const storage = storageAt(client);
    await silence();
    for (const call of [() => storage.start(), () => storage.start(), () => storage.migrate()]) {
      await expect(call()).rejects.toMatchObject({
        code: "unavailable",
        message: expect.stringMatching(
          new RegExp(`^cannot open the ${client} database 127.0.0.1/chat: .*ECONNREFUSED.*Does it run there`),
        ),
      });
    }
    await storage.close();
  });

  it("that refuses at each address of its name is told as such, too", async () => {
    const storage = storageAt(client, { host: "localhost" });
    await silence();
    await expect(storage.start()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/localhost\/chat: .*ECONNREFUSED/),
    });
  });

  it("that nobody knows makes a start `unavailable`: its name may be known later", async () => {
    const storage = storageAt(client, { host: "db.invalid" });
    await expect(storage.start()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("that says nothing makes a start `unavailable` after its time to connect, and no socket is left", async () => {
    const storage = storageAt(client, { [timeout]: 100 });
    await expect(storage.start()).rejects.toMatchObject({ code: "unavailable" });
    expect(sockets).toHaveLength(1);
    await vi.waitUntil(() => sockets.every(({ destroyed, readableEnded }) => destroyed || readableEnded));
    await expect(storage.start()).rejects.toMatchObject({ code: "unavailable" });
    expect(sockets).toHaveLength(2);
  });

  it("that is not there never has its password told", async () => {
    const storage = storageAt(client);
    await silence();
    const error = await storage.start().catch((refused: unknown) => refused as Error);
    expect(`${(error as Error).message} ${String((error as Error).cause)}`).not.toContain("secret");
  });
});

describe("an answer that no waiting changes", () => {
  it.each([1044, 1045, 1046, 1049, 1130, 1142, 1227, 1251, 1698])("is %i of MariaDB and MySQL", (errno) => {
    expect(mysqlDialect.turnsAway({ errno })).toBe(true);
  });

  it.each(["28000", "28P01", "3D000", "3F000", "42501"])("is %s of PostgreSQL", (code) => {
    expect(postgresDialect.turnsAway({ code })).toBe(true);
  });

  it("is the one to a client without the password it is asked for", () => {
    const message = "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string";
    expect(postgresDialect.turnsAway(new Error(message))).toBe(true);
  });

  it.each([
    ["too many connections", { errno: 1040 }],
    ["a server that goes down", { errno: 1053, code: "57P01" }],
    ["a server that comes up", { code: "57P03" }],
    ["too many clients", { code: "53300" }],
    ["a name that is not known", { code: "ENOTFOUND", errno: -3008 }],
    ["a port where nobody listens", { code: "ECONNREFUSED", errno: -111 }],
    ["nothing", null],
    ["an error without words", new Error()],
  ])("is not %s", (_name, error) => {
    for (const dialect of [mysqlDialect, postgresDialect, sqliteDialect]) expect(dialect.turnsAway(error)).toBe(false);
  });
});
