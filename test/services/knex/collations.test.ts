import type { Knex } from "knex";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import type { ServerStorageOptions } from "../../../src/adapters/knex/index.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { ServerPlace } from "./server-place.js";

type Client = ServerStorageOptions["client"];

const DATABASES = [
  ["mariadb", "mysql2"],
  ["postgres", "pg"],
] as const;

/** What somebody does who does not know: ids and numbers in another collation, one that may be null among them. */
const SPOIL = {
  mysql2: [
    "alter table shyim_user modify id varchar(64) character set utf8mb4 collate utf8mb4_general_ci not null",
    "alter table shyim_message modify sender_id varchar(64) character set ascii collate ascii_general_ci",
    "alter table shyim_user modify phone_number varchar(255) character set utf8mb4 collate utf8mb4_bin not null",
  ],
  pg: [
    "create collation careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    "alter table shyim_user alter column id type varchar(64) collate careless",
    "alter table shyim_message alter column sender_id type varchar(64) collate careless",
    'alter table shyim_user alter column phone_number type varchar(255) collate "default"',
  ],
};

const REFUSED = {
  mysql2: [
    "  - shyim_message.sender_id has the collation ascii_general_ci, needs ascii_bin: " +
      "alter table shyim_message modify sender_id varchar(64) character set ascii collate ascii_bin;",
    "  - shyim_user.id has the collation utf8mb4_general_ci, needs ascii_bin: " +
      "alter table shyim_user modify id varchar(64) character set ascii collate ascii_bin not null;",
    "  - shyim_user.phone_number has the collation utf8mb4_bin, needs utf8mb4_nopad_bin: " +
      "alter table shyim_user modify phone_number varchar(255) character set utf8mb4 collate utf8mb4_nopad_bin not null;",
  ],
  pg: [
    "  - shyim_message.sender_id has the collation careless, needs C: " +
      'alter table shyim_message alter column sender_id type varchar(64) collate "C";',
    "  - shyim_user.id has the collation careless, needs C: " +
      'alter table shyim_user alter column id type varchar(64) collate "C";',
    "  - shyim_user.phone_number has the collation default, needs C: " +
      'alter table shyim_user alter column phone_number type varchar(255) collate "C";',
  ],
};

/** A database that has been started on once, and a knex on it. */
async function open(client: Client, url: string): Promise<{ readonly place: ServerPlace; readonly knex: Knex }> {
  const place = await ServerPlace.create(client, url);
  onTestFinished(() => place.remove());
  const storage = place.storage();
  await storage.start();
  await storage.close();
  const knex = place.knex();
  onTestFinished(() => knex.destroy());
  return { place, knex };
}

async function textOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error("it was not refused"),
    (refused: unknown) => refused as Error,
  );
  expect(error).toMatchObject({ code: "operation_failed" });
  return error.message;
}

describe.each(DATABASES)(
  "a database of %s that compares text in another way than it was made with",
  (service, client) => {
    const url = inject("services")[service] ?? "";
    const onServer = it.skipIf(url === "");

    onServer(
      "is refused with the columns and the statements that mend them, and starts when they were run",
      async () => {
        const { place, knex } = await open(client, url);
        for (const statement of SPOIL[client]) await knex.raw(statement);
        const storage = place.storage();
        const manual = place.storage({ migrate: false });
        const texts = [await textOf(storage.start()), await textOf(storage.migrate()), await textOf(manual.start())];
        const [, ...lines] = (texts[0] ?? "").split("\n");
        expect(lines).toEqual(REFUSED[client]);
        expect(texts[0]).toContain("mend them and start again (nothing was changed)");
        expect(new Set(texts).size).toBe(1);

        for (const line of lines) await knex.raw(line.slice(line.indexOf("alter table")).replace(";", ""));
        await storage.start();
        await storage.close();
        await manual.start();
        await manual.close();
      },
    );

    onServer("is refused before a migration touches it", async () => {
      const { place, knex } = await open(client, url);
      for (const statement of SPOIL[client]) await knex.raw(statement);
      await knex.schema.dropTable("shyim_block");
      await knex("shyim_meta").where({ name: "schema_version" }).update({ value: "1" });
      const storage = place.storage();
      await textOf(storage.migrate());
      expect(await storage.schemaVersion()).toBe(1);
      expect(await knex.schema.hasTable("shyim_block")).toBe(false);
    });

    onServer("has nothing to do with tables of the application, nor with one of ours that is missing", async () => {
      const { place, knex } = await open(client, url);
      await knex.schema.createTable("shyim_orders", (table) => void table.string("id").notNullable());
      await knex.schema.dropTable("shyim_pending_send");
      const storage = place.storage();
      await storage.start();
      await storage.close();
    });

    onServer("would take 'a' for 'A', who are two users where it does not", async () => {
      const { place } = await open(client, url);
      const storage = place.storage();
      onTestFinished(() => storage.close());
      await storage.start();
      const uplinks = new UplinkMaker();
      await storage.messages.commit([uplinks.make({ to: "a" }), uplinks.make({ to: "A" }), uplinks.make({ to: "A" })]);
      const { heads } = await storage.messages.readHeads(["a", "A"]);
      expect([heads.get("a"), heads.get("A")]).toEqual([1, 2]);
      const account = { nickname: "Ann", passwordHash: "hash" };
      await storage.users.create({ ...account, id: "a", phoneNumber: "+1" });
      await storage.users.create({ ...account, id: "A", phoneNumber: "+2" });
      expect((await storage.users.findMany(["a", "A"])).size).toBe(2);
    });
  },
);
