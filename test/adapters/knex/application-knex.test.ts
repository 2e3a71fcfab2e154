import createKnex, { type Knex } from "knex";
import { afterEach, describe, expect, it } from "vitest";
import type { Uplink } from "../../../src/adapters/contracts/index.js";
import { type KnexStorageOptions, knexStorage, sqliteClient } from "../../../src/adapters/knex/index.js";
import { setupOf } from "../../../src/adapters/knex/setup.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { SqlitePlace } from "./sqlite-place.js";

const CREDENTIALS = { host: "db.test", user: "chat", password: "secret", database: "chat" };
const SERVERS = ["pg", "mysql2"] as const;

const knexes: Knex[] = [];

afterEach(async () => {
  for (const knex of knexes.splice(0)) await knex.destroy();
});

/** A knex of an application's; nothing connects. */
function application(config: Knex.Config): Knex {
  const knex = createKnex(config);
  knexes.push(knex);
  return knex;
}

function refusal(options: unknown): string {
  try {
    knexStorage(options as KnexStorageOptions);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
}

/** What the storage connects with, also what is hidden from logs. */
async function connectionOf(knex: Knex): Promise<Record<string, unknown>> {
  const { connection } = setupOf({ knex }).config;
  return (typeof connection === "function" ? await connection() : connection) as Record<string, unknown>;
}

describe("the option `knex`", () => {
  it.each([
    ["nothing", undefined, "got undefined"],
    ["an address", "postgres://localhost/chat", 'got "postgres://localhost/chat"'],
    ["settings", { client: "pg" }, "got a value of type object"],
    ["knex before it is called", createKnex, "got the function knex itself, which has to be called first"],
    ["any function", () => {}, "got a value of type function"],
  ])("refuses %s and says what was received", (_name, knex, received) => {
    expect(refusal({ knex })).toBe(
      `knexStorage: the options are not valid\n  - knex: expected what knex({ client, connection }) gives, ${received}`,
    );
  });

  it("is not there when it is undefined beside a client and a connection", () => {
    const options = { knex: undefined, client: "pg", connection: "postgres://chat@localhost/chat" };
    expect(() => knexStorage(options as unknown as KnexStorageOptions)).not.toThrow();
  });

  it("refuses a transaction, which ends", async () => {
    const place = await SqlitePlace.create();
    const knex = place.knex();
    const transaction = await knex.transaction();
    expect(refusal({ knex: transaction })).toMatch(/got a transaction$/);
    await transaction.rollback();
    await knex.destroy();
    await place.remove();
  });

  it("refuses what is said beside it, since it says it already", () => {
    const knex = application({ client: "pg", connection: CREDENTIALS });
    expect(refusal({ knex, client: "pg", connection: CREDENTIALS, pool: { max: 2 }, migrate: 1, x: 2 })).toBe(
      [
        "knexStorage: the options are not valid",
        "  - client: there is no such option beside knex, whose settings are taken",
        "  - connection: there is no such option beside knex, whose settings are taken",
        "  - pool: there is no such option beside knex, whose settings are taken",
        "  - x: there is no such option beside knex, whose settings are taken",
        "  - migrate: expected true or false, got 1",
      ].join("\n"),
    );
  });

  it("refuses a client it cannot work with, and lists those it can", () => {
    class Cockroach extends createKnex.Client {
      override driverName = "cockroachdb";
    }
    const knex = application({ client: Cockroach });
    expect(refusal({ knex })).toMatch(
      /knex: expected a client "mysql2", "pg" or sqliteClient \(of shyim\/adapters\/knex\), got "cockroachdb"$/,
    );
  });

  it.each(["better-sqlite3", "sqlite3"])("sends a knex of %s to sqliteClient", (driverName) => {
    class Other extends createKnex.Client {
      override driverName = driverName;
    }
    const knex = application({ client: Other });
    expect(refusal({ knex })).toContain(`got "${driverName}", whose driver`);
    expect(refusal({ knex })).toMatch(/make it with `client: sqliteClient`$/);
  });

  it("refuses a knex without a connection to take over", () => {
    expect(refusal({ knex: application({ client: "pg" }) })).toMatch(/knex: it has no `connection` to take over/);
  });

  it("refuses a database in memory, which no second connection would see", () => {
    const knex = application({ client: sqliteClient, connection: { filename: ":memory:" }, useNullAsDefault: true });
    expect(refusal({ knex })).toMatch(/knex: connection.filename: .*for a database in memory leave `storage` out/);
  });

  it("takes a knex of another copy of the package, whose classes are others", () => {
    const { client } = application({ client: "pg", connection: CREDENTIALS });
    const other = Object.assign(() => {}, { client: { driverName: "pg", config: client.config } });
    expect(refusal({ knex: other })).toBe("none");
  });

  it("takes sqliteClient of the package's other build, which is another class", () => {
    const { EmbeddedSqliteClient } = {
      EmbeddedSqliteClient: class EmbeddedSqliteClient {
        readonly driverName = "sqlite3";
        readonly config = { connection: { filename: "chat.db" } };
      },
    };
    const knex = Object.assign(() => {}, { client: new EmbeddedSqliteClient() });
    expect(refusal({ knex })).toBe("none");
  });
});

describe("what is taken over", () => {
  it.each(SERVERS)("is the connection of %s, with the password that knex hides", async (client) => {
    const knex = application({ client, connection: CREDENTIALS });
    expect(JSON.stringify(knex.client.config)).not.toContain("secret");
    expect(await connectionOf(knex)).toMatchObject(CREDENTIALS);
  });

  it.each(SERVERS)("is the connection of %s in a URL", async (client) => {
    const scheme = client === "pg" ? "postgres" : "mysql";
    const knex = application({ client, connection: `${scheme}://chat:secret@db.test:7000/chat` });
    const { host, user, password, database, port } = await connectionOf(knex);
    expect({ host, user, password, database, port: Number(port) }).toEqual({ ...CREDENTIALS, port: 7000 });
  });

  it.each(SERVERS)("is a function that gives credentials of %s, asked again when they have expired", async (client) => {
    let issued = 0;
    const knex = application({
      client,
      connection: async () => ({ ...CREDENTIALS, password: `secret ${++issued}`, expirationChecker: () => true }),
    });
    expect(await connectionOf(knex)).toMatchObject({ password: "secret 1", expirationChecker: expect.any(Function) });
    expect(await connectionOf(knex)).toMatchObject({ password: "secret 2" });
  });

  it("is how the application encrypts, reaches and names things", async () => {
    const ssl = { ca: "certificate" };
    const knex = application({
      client: "pg",
      connection: { ...CREDENTIALS, ssl, application_name: "shop", connectionTimeoutMillis: 700 },
      searchPath: ["chat", "public"],
      acquireConnectionTimeout: 900,
      pool: { min: 4, max: 7, maxConnectionLifetimeMillis: 60_000 },
    });
    expect(await connectionOf(knex)).toMatchObject({ ssl, application_name: "shop", connectionTimeoutMillis: 700 });
    expect(setupOf({ knex }).config).toMatchObject({
      searchPath: ["chat", "public"],
      acquireConnectionTimeout: 900,
      pool: { min: 0, max: 7, maxConnectionLifetimeMillis: 60_000 },
    });
  });

  it("is not how the application reads its own rows, which would change what the storage reads", async () => {
    const typeCast = () => 1n;
    const mysql = application({
      client: "mysql2",
      connection: { ...CREDENTIALS, bigNumberStrings: true, typeCast, charset: "latin1" },
      postProcessResponse: () => ({}),
      wrapIdentifier: (name) => name.toUpperCase(),
    });
    const expected = { supportBigNumbers: true, bigNumberStrings: false, typeCast: true, charset: "utf8mb4" };
    expect(await connectionOf(mysql)).toMatchObject(expected);
    expect(setupOf({ knex: mysql }).config).not.toHaveProperty("postProcessResponse");
    expect(setupOf({ knex: mysql }).config).not.toHaveProperty("wrapIdentifier");
  });

  it.each([
    ["pg", "connectionTimeoutMillis"],
    ["mysql2", "connectTimeout"],
  ] as const)("gives %s 5 s to connect where the application says nothing", async (client, name) => {
    expect(await connectionOf(application({ client, connection: CREDENTIALS }))).toMatchObject({ [name]: 5_000 });
    const { config } = setupOf({ client, connection: CREDENTIALS });
    expect(config.connection).toMatchObject({ [name]: 5_000 });
    expect(config).toMatchObject({ acquireConnectionTimeout: 10_000, pool: { max: 10 } });
    expect(setupOf({ client, connection: { ...CREDENTIALS, [name]: 300 } }).config.connection).toMatchObject({
      [name]: 300,
    });
  });

  it("leaves a time to connect that stands in a URL of MySQL as it is", () => {
    const url = "mysql://chat@db.test/chat?connectTimeout=300";
    expect(setupOf({ client: "mysql2", connection: url }).config.connection).toEqual(
      expect.not.objectContaining({ connectTimeout: expect.anything() }),
    );
  });

  it.each([
    [{ client: "pg", connection: CREDENTIALS } as const, "the pg database db.test/chat"],
    [{ client: "pg", connection: "postgres://chat:secret@db.test:7/chat" } as const, "the pg database db.test:7/chat"],
    [{ client: "mysql2", connection: {} } as const, "the mysql2 database localhost/"],
  ])("names the place without a password", (options, place) => {
    expect(setupOf(options).place).toBe(place);
  });
});

describe("a storage in the file of an application's knex", () => {
  it("shares transactions with it, and leaves it open when it closes", async () => {
    const place = await SqlitePlace.create();
    const application = await place.application();
    const storage = knexStorage({ knex: application.knex });
    await storage.start();
    const uplinks = new UplinkMaker();
    const [kept, undone] = [uplinks.make({}), uplinks.make({})];
    const send = (uplink: Uplink) =>
      application.transaction(async (transaction) => {
        await storage.pendingSends.write(transaction, uplink);
        await application.addRow(transaction, uplink.messageId);
        if (uplink === undone) throw new Error("changed my mind");
      });
    await send(kept);
    await expect(send(undone)).rejects.toThrow("changed my mind");
    const commit = await storage.pendingSends.commit({ maxUplinks: 10 });
    expect(commit?.uplinks.map(({ messageId }) => messageId)).toEqual([kept.messageId]);
    await storage.close();
    expect(await application.rows()).toEqual([kept.messageId]);
    await place.remove();
  });
});
