import { randomBytes } from "node:crypto";
import createKnex, { type Knex } from "knex";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import type { Uplink } from "../../../src/adapters/contracts/index.js";
import { type KnexStorage, knexStorage, type ServerStorageOptions } from "../../../src/adapters/knex/index.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { ServerPlace } from "./server-place.js";

type Client = ServerStorageOptions["client"];

const DATABASES = [
  ["mariadb", "mysql2"],
  ["postgres", "pg"],
] as const;

/** What the storage sets on its own connections, and must not on the application's. */
const SETTINGS = {
  mysql2: [
    "select @@session.tx_isolation as isolation, @@session.innodb_lock_wait_timeout as lock_timeout,",
    "@@session.sql_mode as mode, @@session.idle_transaction_timeout as idle, @@session.wait_timeout as wait",
  ].join(" "),
  pg: [
    "select current_setting('transaction_isolation') as isolation, current_setting('lock_timeout') as lock_timeout,",
    "current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle",
  ].join(" "),
};

const SERIALIZABLE = {
  mysql2: "set session transaction isolation level serializable",
  pg: "set session characteristics as transaction isolation level serializable",
};

interface Settings {
  readonly isolation: string;
  readonly lock_timeout: string;
  readonly idle: string;
  /** MariaDB's: it closes silent connections by itself, after hours. MySQL is told to after 30 s, in words MariaDB does not read. */
  readonly wait?: unknown;
}

interface RawConnection {
  query(sql: string, done: (error: unknown, answer?: unknown) => void): void;
}

const SLEEPS = { mysql2: "select sleep(?)", pg: "select pg_sleep(?)" };

async function openPlace(client: Client, url: string): Promise<ServerPlace> {
  const place = await ServerPlace.create(client, url);
  onTestFinished(() => place.remove());
  return place;
}

function openKnex(config: Knex.Config): Knex {
  const knex = createKnex(config);
  onTestFinished(() => knex.destroy());
  return knex;
}

async function startOn(knex: Knex, migrate = true): Promise<KnexStorage> {
  const storage = knexStorage({ knex, migrate });
  onTestFinished(() => storage.close());
  await storage.start();
  return storage;
}

/** Rows of either package. */
async function ask(knex: Knex, sql: string): Promise<unknown> {
  const answer = await knex.raw(sql);
  return Array.isArray(answer) ? answer[0] : answer.rows;
}

/** Of a connection that is not ours to borrow. */
async function settingsOf(client: Client, raw: RawConnection): Promise<Settings> {
  const answer = await new Promise<unknown>((resolve, reject) => {
    raw.query(SETTINGS[client], (error, rows) => (error ? reject(error) : resolve(rows)));
  });
  const [row] = (client === "pg" ? (answer as { rows: unknown }).rows : answer) as Settings[];
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, String(value)])) as never;
}

/** A user with a password who may do anything in the database of `place`. */
async function addUser(
  client: Client,
  server: string,
  place: ServerPlace,
): Promise<{ user: string; password: string }> {
  const user = `shyim_${randomBytes(4).toString("hex")}`;
  const password = randomBytes(8).toString("hex");
  const database = new URL(place.url).pathname.slice(1);
  const admin = createKnex({ client, connection: server, pool: { min: 0, max: 1 } });
  const statements = {
    mysql2: [`create user ${user}@'%' identified by '${password}'`, `grant all on ${database}.* to ${user}@'%'`],
    pg: [`create role ${user} login password '${password}'`, `alter database ${database} owner to ${user}`],
  };
  for (const statement of statements[client]) await admin.raw(statement);
  onTestFinished(async () => {
    await place.remove();
    await admin.raw(client === "pg" ? `drop role ${user}` : `drop user ${user}@'%'`);
    await admin.destroy();
  });
  return { user, password };
}

describe.each(DATABASES)("a storage on an application's own knex of %s", (service, client) => {
  const server = inject("services")[service] ?? "";
  const onServer = it.skipIf(server === "");

  onServer("stores and reads messages", async () => {
    const place = await openPlace(client, server);
    const storage = await startOn(openKnex({ client, connection: place.url }));
    const uplink = new UplinkMaker().make({});
    const { outcomes } = await storage.messages.commit([uplink]);
    expect(outcomes[0]?.kind).toBe("stored");
    const { items } = await storage.messages.readInbox("bob", 0, { maxItems: 10, maxBytes: 1e6 });
    expect(items.map(({ message }) => message.messageId)).toEqual([uplink.messageId]);
  });

  onServer("leaves the settings of the application's connections as they are", async () => {
    const place = await openPlace(client, server);
    const knex = openKnex({ client, connection: place.url, pool: { min: 1, max: 1 } });
    const before = await ask(knex, SETTINGS[client]);
    const storage = await startOn(knex);
    await storage.messages.commit([new UplinkMaker().make({})]);
    expect(await ask(knex, SETTINGS[client])).toEqual(before);
    const another = openKnex({ client, connection: place.url });
    expect(await ask(another, SETTINGS[client])).toEqual(before);
  });

  onServer("leaves the knex open when it closes, and can be started again", async () => {
    const place = await openPlace(client, server);
    const knex = openKnex({ client, connection: place.url });
    const storage = await startOn(knex);
    await storage.close();
    expect(await ask(knex, "select 1 as one")).toEqual([{ one: 1 }]);
    await storage.start();
    expect((await storage.messages.readHeads([])).syncEpoch).toMatch(/^[0-9a-f]{32}$/);
  });

  onServer("goes on while the application uses all of its connections", async () => {
    const place = await openPlace(client, server);
    const knex = openKnex({ client, connection: place.url, pool: { min: 0, max: 1 } });
    const storage = await startOn(knex);
    const transaction = await knex.transaction();
    await transaction.raw(SLEEPS[client], [0]);
    const { outcomes } = await storage.messages.commit([new UplinkMaker().make({})]);
    expect(outcomes[0]?.kind).toBe("stored");
    await transaction.rollback();
  });

  onServer("puts messages into the application's transactions: both are there, or neither is", async () => {
    const place = await openPlace(client, server);
    const application = await place.application();
    const storage = await startOn(application.knex);
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
    expect(await storage.pendingSends.commit({ maxUplinks: 10 })).toBeNull();
    expect(await application.rows()).toEqual([kept.messageId]);
  });

  onServer("signs in with the application's password, which knex hides", async () => {
    const place = await openPlace(client, server);
    const { hostname, port, pathname } = new URL(place.url);
    const credentials = await addUser(client, server, place);
    const connection = { host: hostname, port: Number(port), database: pathname.slice(1), ...credentials };
    const storage = await startOn(openKnex({ client, connection }));
    expect((await storage.messages.commit([new UplinkMaker().make({})])).outcomes[0]?.kind).toBe("stored");
    const url = new URL(place.url);
    Object.assign(url, { username: credentials.user, password: credentials.password });
    const second = await startOn(openKnex({ client, connection: url.href }), false);
    expect((await second.messages.readHeads(["bob"])).heads.get("bob")).toBe(1);
    const asked = await startOn(openKnex({ client, connection: async () => ({ ...connection }) }), false);
    expect((await asked.messages.readHeads(["bob"])).heads.get("bob")).toBe(1);
  });

  onServer("runs the pool's own `afterCreate` on its connections, before it says what it needs itself", async () => {
    const place = await openPlace(client, server);
    const seen: RawConnection[] = [];
    const afterCreate = (raw: RawConnection, done: (error: unknown) => void) => {
      seen.push(raw);
      raw.query(SERIALIZABLE[client], done);
    };
    const knex = openKnex({ client, connection: place.url, pool: { min: 0, max: 2, afterCreate } });
    const [before] = (await ask(knex, SETTINGS[client])) as Settings[];
    expect(before?.isolation.toLowerCase()).toBe("serializable");
    const storage = await startOn(knex);
    await storage.messages.commit([new UplinkMaker().make({})]);
    expect(seen).toHaveLength(2);
    const settings = await settingsOf(client, seen[1] as RawConnection);
    expect(settings).toMatchObject({ isolation: expect.stringMatching(/^read.committed$/i) });
    expect(Number.parseInt(settings.lock_timeout, 10)).toBe(3);
    expect(Number.parseInt(settings.idle, 10)).toBe(5);
    expect(settings.wait).toBe(before?.wait?.toString());
  });
});

describe("on PostgreSQL", () => {
  const server = inject("services").postgres ?? "";

  it.skipIf(server === "")("finds its tables where the application's search path leads", async () => {
    const place = await openPlace("pg", server);
    const knex = openKnex({ client: "pg", connection: place.url, searchPath: ["chat"] });
    await knex.raw("create schema chat");
    await startOn(knex);
    const tables = await ask(knex, "select schemaname from pg_tables where tablename = 'shyim_inbox'");
    expect(tables).toEqual([{ schemaname: "chat" }]);
  });
});
