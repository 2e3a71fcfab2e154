import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { REFUSAL_LIFE_MS } from "../../../src/adapters/contracts/refusal-clock.js";
import { sqliteDialect } from "../../../src/adapters/knex/dialects/sqlite-dialect.js";
import { type KnexStorageOptions, knexStorage } from "../../../src/adapters/knex/index.js";
import { MIGRATIONS } from "../../../src/adapters/knex/schema/migrations.js";
import { SqliteConnection } from "../../../src/adapters/knex/sqlite/sqlite-connection.js";
import { loadSqliteDriver } from "../../../src/adapters/knex/sqlite/sqlite-driver.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { watch } from "../../server/fixture.js";
import { isInstalled } from "./is-installed.js";
import { SqlitePlace } from "./sqlite-place.js";

const WHOLE = { maxItems: 100, maxBytes: 1e6 };

let place: SqlitePlace;
let uplinks: UplinkMaker;

beforeEach(async () => {
  place = await SqlitePlace.create();
  uplinks = new UplinkMaker();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await place.remove();
});

async function started() {
  const storage = place.storage();
  await storage.start();
  return storage;
}

/** The next statement that begins with `start` fails as the driver would with this result code. */
function failNext(start: string, errcode: number): void {
  const { execute } = SqliteConnection.prototype;
  let isDue = true;
  vi.spyOn(SqliteConnection.prototype, "execute").mockImplementation(function (this: SqliteConnection, ...args) {
    if (!isDue || !args[0].toLowerCase().startsWith(start)) return execute.apply(this, args);
    isDue = false;
    throw Object.assign(new Error("made up"), { errcode });
  });
}

/** Makes the file what the first version of the schema leaves behind, to the letter. */
async function takeBackVersion2(): Promise<void> {
  const knex = place.knex();
  await knex.schema.dropTable("shyim_block");
  await knex("shyim_meta").where({ name: "schema_version" }).update({ value: "1" });
  const statements: string[] = await knex("sqlite_master").whereNotNull("sql").pluck("sql");
  await knex.destroy();
  const asWritten = (sql: string) => sql.replaceAll(/\s+/g, " ").replace(" if not exists", "").toLowerCase().trim();
  const [first] = MIGRATIONS;
  const types = await sqliteDialect.typesOf(knex);
  expect(statements.map(asWritten).sort()).toEqual(first?.(types).map(asWritten).sort());
}

describe("the options of knexStorage", () => {
  it("lists every problem with its path and what was received", () => {
    const options = {
      client: "mysql",
      connection: { filename: 7, synchronous: "OFF", pool: 1 },
      migrate: "no",
      url: "x",
    };
    expect(() => knexStorage(options as unknown as KnexStorageOptions)).toThrow(
      [
        "knexStorage: the options are not valid",
        '  - client: expected "sqlite", "better-sqlite3", "mysql2" or "pg", got "mysql"',
        "  - connection.filename: expected the path of a file, got 7",
        '  - connection.synchronous: expected "FULL" or "NORMAL", got "OFF"',
        "  - url: there is no such option",
        "  - connection.pool: there is no such option",
        '  - migrate: expected true or false, got "no"',
      ].join("\n"),
    );
  });

  it("lists every problem with a database server, and says nothing of what was given for its connection", () => {
    const options = { client: "pg", connection: "top secret", pool: { max: 0, min: 1 }, filename: "x" };
    expect(() => knexStorage(options as unknown as KnexStorageOptions)).toThrow(
      [
        "knexStorage: the options are not valid",
        "  - connection: expected a URL such as mysql://user:password@host:3306/chat, or an object",
        "  - pool.max: expected an integer from 1 to 1000, got 0",
        "  - filename: there is no such option",
        "  - pool.min: there is no such option",
      ].join("\n"),
    );
  });

  it.each([
    ["pg", "mysql://chat@localhost/chat", "postgres:// or postgresql:// for pg, got mysql://"],
    ["mysql2", "postgres://chat@localhost/chat", "mysql:// or mariadb:// for mysql2, got postgres://"],
  ])("refuses a URL that is another server's than the client %s", (client, connection, told) => {
    expect(() => knexStorage({ client, connection } as unknown as KnexStorageOptions)).toThrow(
      `  - connection: expected a URL that begins with ${told}`,
    );
  });

  it.each([undefined, null, "chat.db", 1])("refuses %s as a whole", (options) => {
    expect(() => knexStorage(options as unknown as KnexStorageOptions)).toThrow(
      /knexStorage: the options are not valid/,
    );
  });

  it.each([":memory:", "file:chat.db?mode=memory"])("sends %s to the storage in memory", (filename) => {
    const create = () => knexStorage({ client: "sqlite", connection: { filename } });
    expect(create).toThrow(/for a database in memory leave `storage` out/);
  });
});

describe("opening a file", () => {
  it.each(["FULL", "NORMAL"] as const)(
    "sets a write-ahead log and synchronous=%s, and waits for no lock",
    (synchronous) => {
      const connection = SqliteConnection.open(loadSqliteDriver("sqlite"), place.filename, synchronous);
      const pragma = (name: string) =>
        Object.values(connection.execute(`pragma ${name}`, [], true).rows[0] as object)[0];
      const settings = ["journal_mode", "synchronous", "busy_timeout"].map(pragma);
      connection.close();
      expect(settings).toEqual(["wal", { FULL: 2, NORMAL: 1 }[synchronous], 0]);
    },
  );

  it("says which file cannot be opened, why, and what to look at", async () => {
    const filename = join(place.folder, "missing", "chat.db");
    const start = knexStorage({ client: "sqlite", connection: { filename } }).start();
    await expect(start).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/cannot open .*missing.*chat\.db: .*unable to open.*Does its folder exist/),
    });
  });

  it.each([
    ["a folder", () => mkdir(place.filename)],
    ["a text", () => writeFile(place.filename, "no database ".repeat(100))],
  ])("refuses %s in the file's place and can be tried again", async (_name, prepare) => {
    await prepare();
    const storage = place.storage();
    await expect(storage.start()).rejects.toMatchObject({ code: "unavailable" });
    await expect(storage.start()).rejects.toMatchObject({ code: "unavailable" });
    await storage.close();
  });

  it("names the package to install when a driver is missing", () => {
    if (isInstalled("better-sqlite3")) return expect(loadSqliteDriver("better-sqlite3")).toBeTypeOf("function");
    expect(() => loadSqliteDriver("better-sqlite3")).toThrow(/npm install better-sqlite3/);
  });
});

describe("the schema", () => {
  it("is made by the first start, and found by the next", async () => {
    const storage = place.storage();
    expect(await storage.migrate()).toEqual({ from: 0, to: 2 });
    expect(await storage.migrate()).toEqual({ from: 2, to: 2 });
    await storage.start();
    expect(await storage.migrate()).toEqual({ from: 2, to: 2 });
    expect((await storage.messages.readHeads([])).syncEpoch).toMatch(/^[0-9a-f]{32}$/);
    await storage.close();
  });

  it("of version 1 becomes version 2, and keeps everything", async () => {
    const before = await started();
    const [stored, refused] = [uplinks.make({}), uplinks.make({ refuse: "forbidden" })];
    const { group } = await before.groups.create({ name: "group", ownerId: "ann", memberIds: ["bob"] });
    const target = { kind: "group", id: group.id } as const;
    await before.users.create({ id: "ann", phoneNumber: "+1", nickname: "Ann", passwordHash: "hash" });
    const { outcomes } = await before.messages.commit([stored, refused, uplinks.make({ target })]);
    const page = await before.messages.readInbox("bob", 0, WHOLE);
    await before.close();
    await takeBackVersion2();

    const after = place.storage();
    expect(await after.schemaVersion()).toBe(1);
    expect(await after.migrate()).toEqual({ from: 1, to: 2 });
    await after.start();
    expect(await after.messages.readInbox("bob", 0, WHOLE)).toEqual(page);
    expect(page.items).toHaveLength(2);
    const again = await after.messages.commit([stored, { ...refused, refuse: null }]);
    expect(again.outcomes).toEqual([{ ...outcomes[0], fresh: null }, outcomes[1]]);
    expect(await after.groups.groupsOf("bob")).toEqual([{ ...group, role: "member" }]);
    expect(await after.users.find("ann")).toMatchObject({ phoneNumber: "+1" });
    expect(await after.blocks.add("bob", "ann")).toBe(true);
    expect((await after.messages.commit([uplinks.make({})])).outcomes).toEqual([{ kind: "refused", code: "blocked" }]);
    await after.close();
  });

  it("is made once by processes that start together", async () => {
    const storages = Array.from({ length: 4 }, () => place.storage());
    await Promise.all(storages.map((storage) => storage.start()));
    const heads = await Promise.all(storages.map((storage) => storage.messages.readHeads([])));
    await Promise.all(storages.map((storage) => storage.close()));
    expect(new Set(heads.map(({ syncEpoch }) => syncEpoch)).size).toBe(1);
  });

  it("of a newer release is refused with a sentence that says so, and is not touched", async () => {
    await (await started()).close();
    const knex = place.knex();
    await knex("shyim_meta").where({ name: "schema_version" }).update({ value: "9" });
    const refusal = {
      code: "operation_failed",
      message: expect.stringMatching(/has schema version 9.*up to 2.*newer shyim/),
    };
    const storage = place.storage();
    await expect(storage.start()).rejects.toMatchObject(refusal);
    await expect(storage.migrate()).rejects.toMatchObject(refusal);
    await expect(place.storage("sqlite", { migrate: false }).start()).rejects.toMatchObject(refusal);
    expect(await knex("shyim_meta").where({ name: "schema_version" }).first()).toMatchObject({ value: "9" });
    await knex.destroy();
    await storage.close();
  });

  it("is the application's to bring up to date with `migrate: false`", async () => {
    const storage = place.storage("sqlite", { migrate: false });
    await expect(storage.start()).rejects.toMatchObject({
      code: "operation_failed",
      message: expect.stringMatching(/schema version 0, this shyim needs 2: run `npx shyim migrate`/),
    });
    await storage.migrate();
    await storage.start();
    await storage.close();
  });
});

describe("a copy", () => {
  it("holds what was committed, under the same epoch, while the storage goes on", async () => {
    const storage = await started();
    await storage.messages.commit([uplinks.make({})]);
    const target = join(place.folder, "it's a copy.db");
    await storage.backUp(target);
    await storage.messages.commit([uplinks.make({})]);
    const copy = knexStorage({ client: "sqlite", connection: { filename: target } });
    await copy.start();
    const heads = await Promise.all([storage, copy].map(({ messages }) => messages.readHeads(["bob"])));
    expect(heads.map((each) => each.heads.get("bob"))).toEqual([2, 1]);
    expect(heads[0]?.syncEpoch).toBe(heads[1]?.syncEpoch);
    await copy.close();
    await storage.close();
  });

  it("can be made of a file that another version has migrated, without a start", async () => {
    await (await started()).close();
    const knex = place.knex();
    await knex("shyim_meta").where({ name: "schema_version" }).update({ value: "9" });
    await knex.destroy();
    await place.storage().backUp(join(place.folder, "copy.db"));
    const copy = knexStorage({ client: "sqlite", connection: { filename: join(place.folder, "copy.db") } });
    expect(await copy.schemaVersion()).toBe(9);
  });

  it("never takes the place of a file, and says so", async () => {
    const storage = await started();
    const target = join(place.folder, "precious.txt");
    await writeFile(target, "precious");
    await expect(storage.backUp(target)).rejects.toMatchObject({
      code: "operation_failed",
      message: expect.stringMatching(/cannot write the copy .*precious\.txt: .*It must be a new file/),
    });
    expect(await readFile(target, "utf8")).toBe("precious");
    await storage.close();
  });
});

describe("a lock somebody else holds", () => {
  it("is waited for by a timer, while the process goes on, and the commit goes through afterwards", async () => {
    const storage = await started();
    const knex = place.knex();
    const transaction = await knex.transaction();
    const commit = watch(storage.messages.commit([uplinks.make({})]));
    // Whatever else this process does goes on: these turns of the event loop would not come if the driver waited.
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(commit.done).toBe(false);
    await transaction.rollback();
    await vi.waitUntil(() => commit.done);
    expect(commit.value?.outcomes[0]?.kind).toBe("stored");
    await knex.destroy();
    await storage.close();
  });

  it("that does not end is answered busy, and nothing was written", async () => {
    const storage = await started();
    const knex = place.knex();
    const transaction = await knex.transaction();
    await expect(storage.messages.commit([uplinks.make({})])).rejects.toMatchObject({ code: "busy" });
    expect((await storage.messages.readHeads(["bob"])).heads.size).toBe(0);
    await transaction.rollback();
    await knex.destroy();
    await storage.close();
  });
});

/** https://sqlite.org/rescode.html */
const TROUBLES = { FULL: 13, IOERR: 10, NOMEM: 7, READONLY: 8, CORRUPT: 11, CANTOPEN: 14 } as const;

describe("a database in trouble", () => {
  for (const [name, errcode] of Object.entries(TROUBLES)) {
    it.each(["begin", "insert into shyim_message", "commit"])(
      `K1: SQLITE_${name} at "%s" is no refusal: nothing was written, and the same batch goes through afterwards`,
      async (statement) => {
        const storage = await started();
        const uplink = uplinks.make({});
        failNext(statement, errcode);
        await expect(storage.messages.commit([uplink])).rejects.toMatchObject({ code: "unavailable" });
        expect((await storage.messages.readHeads(["bob"])).heads.size).toBe(0);
        const { outcomes } = await storage.messages.commit([uplink]);
        expect(outcomes[0]).toMatchObject({ kind: "stored", receipt: { senderSeq: 1 } });
        await storage.close();
      },
    );
  }

  it("K8: what can never be stored is told as such, so that the batch can be halved", async () => {
    const storage = await started();
    failNext("insert into shyim_message", 18);
    await expect(storage.messages.commit([uplinks.make({})])).rejects.toMatchObject({ code: "store_failed" });
    await storage.close();
  });
});

describe("a batch", () => {
  it("is cut when its groups have more members than a transaction should write for", async () => {
    const storage = await started();
    const memberIds = Array.from({ length: 1_500 }, (_, index) => `m${index}`);
    const targets = [];
    for (let count = 0; count < 5; count++) {
      const { group } = await storage.groups.create({ name: "big", ownerId: "m0", memberIds });
      targets.push({ kind: "group", id: group.id } as const);
    }
    const batch = targets.map((target) => uplinks.make({ senderId: "m1", target }));
    const { outcomes } = await storage.messages.commit(batch);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["stored", "stored", "stored"]);
    await storage.close();
  });

  it("of more rows than one statement may bind values for is written all the same", async () => {
    const storage = await started();
    const memberIds = Array.from({ length: 12_000 }, (_, index) => `m${index}`);
    const { group } = await storage.groups.create({ name: "huge", ownerId: "m0", memberIds });
    const { outcomes } = await storage.messages.commit([
      uplinks.make({ senderId: "m1", target: { kind: "group", id: group.id } }),
    ]);
    const [stored] = outcomes;
    expect(stored?.kind === "stored" && stored.fresh?.deliveries.length).toBe(12_000);
    expect((await storage.messages.readHeads(memberIds)).heads.size).toBe(12_000);
    await storage.close();
  });
});

describe("an id of the storage's own", () => {
  it("is the first decimal that an application has left free, however many it has taken", async () => {
    const storage = await started();
    const group = { name: "group", ownerId: "ann", memberIds: [] };
    for (let id = 1; id <= 1_100; id++) if (id !== 1_050) await storage.groups.create({ ...group, id: String(id) });
    expect((await storage.groups.create(group)).group.id).toBe("1050");
    expect((await storage.groups.create(group)).group.id).toBe("1101");
    await storage.close();
  });
});

describe("a refusal", () => {
  it("is forgotten after seven days of the server's clock, lived through and not jumped over, and not before", async () => {
    const storage = await started();
    const refused = uplinks.make({ refuse: "blocked" });
    const refuseAt = (serverTime: number) => storage.messages.commit([uplinks.make({ refuse: "blocked", serverTime })]);
    const again = async () => (await storage.messages.commit([{ ...refused, refuse: null }])).outcomes[0]?.kind;
    await storage.messages.commit([refused]);
    for (let day = 1; day <= 7; day++) await refuseAt(refused.serverTime + (day * REFUSAL_LIFE_MS) / 7);
    expect(await again()).toBe("refused");
    await refuseAt(refused.serverTime + REFUSAL_LIFE_MS + 1);
    expect(await again()).toBe("stored");
    await storage.close();
  });
});
