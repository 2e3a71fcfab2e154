import { randomBytes } from "node:crypto";
import createKnex, { type Knex } from "knex";
import { describe, expect, inject, it, onTestFinished, vi } from "vitest";
import { knexStorage, type ServerStorageOptions } from "../../../src/adapters/knex/index.js";
import { ServerPlace } from "./server-place.js";

type Client = ServerStorageOptions["client"];

const DATABASES = [
  ["mariadb", "mysql2"],
  ["postgres", "pg"],
] as const;

/** How many others are in a database. */
const OTHERS = {
  mysql2: "select count(*) as others from information_schema.processlist where db = ? and id <> connection_id()",
  pg: "select count(*) as others from pg_stat_activity where datname = ? and pid <> pg_backend_pid()",
};

async function openPlace(client: Client, url: string): Promise<ServerPlace> {
  const place = await ServerPlace.create(client, url);
  onTestFinished(() => place.remove());
  return place;
}

function urlOf(server: string, parts: Partial<Pick<URL, "username" | "password" | "pathname">>): string {
  return Object.assign(new URL(server), parts).href;
}

/** Somebody who may sign in, and do nothing in the database of `place`. */
async function addGuest(
  client: Client,
  server: string,
  place: ServerPlace,
): Promise<{ name: string; password: string }> {
  const [name, password] = [`shyim_${randomBytes(4).toString("hex")}`, randomBytes(8).toString("hex")];
  const database = new URL(place.url).pathname.slice(1);
  const admin = createKnex({ client, connection: server, pool: { min: 0, max: 1 } });
  const statements = {
    mysql2: [`create user ${name}@'%' identified by '${password}'`, `grant select on ${database}.* to ${name}@'%'`],
    pg: [`create role ${name} login password '${password}'`],
  };
  for (const statement of statements[client]) await admin.raw(statement);
  onTestFinished(async () => {
    if (client === "pg") await place.remove();
    await admin.raw(client === "pg" ? `drop role ${name}` : `drop user ${name}@'%'`);
    await admin.destroy();
  });
  return { name, password };
}

async function othersIn(client: Client, knex: Knex, place: ServerPlace): Promise<number> {
  const answer = await knex.raw(OTHERS[client], [new URL(place.url).pathname.slice(1)]);
  const [row] = client === "pg" ? answer.rows : answer[0];
  return Number(row.others);
}

describe.each(DATABASES)("%s turns a storage away", (service, client) => {
  const server = inject("services")[service] ?? "";
  const onServer = it.skipIf(server === "");

  async function refused(url: string, said: RegExp): Promise<void> {
    const storage = knexStorage({ client, connection: url });
    for (const call of [() => storage.start(), () => storage.migrate(), () => storage.schemaVersion()]) {
      await expect(call()).rejects.toMatchObject({
        code: "operation_failed",
        message: expect.stringMatching(said),
      });
    }
    await storage.close();
  }

  onServer("that names a database which does not exist, and says which one and what to look at", async () => {
    const said =
      /^cannot open the \w+ database \S+\/shyim_nowhere: .*shyim_nowhere.*\. Does it run there, may this user/is;
    await refused(urlOf(server, { pathname: "/shyim_nowhere" }), said);
  });

  onServer("that signs in with a wrong name or password, and does not repeat the password", async () => {
    const place = await openPlace(client, server);
    const { name } = await addGuest(client, server, place);
    // A PostgreSQL for tests trusts everybody it knows.
    const username = client === "pg" ? "shyim_nobody" : name;
    await refused(urlOf(place.url, { username, password: "wrong" }), new RegExp(`${username}(?!.*wrong)`, "s"));
  });

  onServer("that may not make tables", async () => {
    const place = await openPlace(client, server);
    const { name, password } = await addGuest(client, server, place);
    const url = urlOf(place.url, { username: name, password });
    await expect(knexStorage({ client, connection: url }).start()).rejects.toMatchObject({
      code: "operation_failed",
      message: expect.stringMatching(/denied/),
    });
  });

  onServer("and is asked again when the reason has gone", async () => {
    const place = await openPlace(client, server);
    const storage = place.storage();
    await place.remove();
    await expect(storage.start()).rejects.toMatchObject({ code: "operation_failed" });
    const knex = createKnex({ client, connection: server, pool: { min: 0, max: 1 } });
    await knex.raw(`create database ${new URL(place.url).pathname.slice(1)}`);
    await knex.destroy();
    await storage.start();
    await storage.close();
  });

  onServer("and no connection is left, also where the application's `afterCreate` has failed", async () => {
    const place = await openPlace(client, server);
    const afterCreate = (_raw: unknown, done: (error: unknown) => void) => done(new Error("not today"));
    const knex = createKnex({ client, connection: place.url, pool: { min: 0, afterCreate } });
    onTestFinished(() => knex.destroy());
    await expect(knexStorage({ knex }).start()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/: not today\./),
    });
    const admin = createKnex({ client, connection: server, pool: { min: 0, max: 1 } });
    onTestFinished(() => admin.destroy());
    await vi.waitUntil(async () => (await othersIn(client, admin, place)) === 0);
  });
});
