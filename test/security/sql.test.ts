import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assertBindings } from "../../src/adapters/knex/bindings.js";
import type { KnexStorage } from "../../src/adapters/knex/index.js";
import { encodeText } from "../../src/core/bytes.js";
import { createImServer, type ImServer } from "../../src/index.js";
import { UplinkMaker } from "../../src/testing/conformance/storage/uplink-maker.js";
import { SqlitePlace } from "../adapters/knex/sqlite-place.js";
import { readFiles } from "../house/source-files.js";

const WHOLE = { maxItems: 100, maxBytes: 1_000_000 };

/** What is no id, each of which some driver would take for something else. */
const NO_IDS: readonly unknown[] = [
  {},
  { toString: () => "bob" },
  ["bob"],
  ["bob", "ann"],
  [],
  null,
  1,
  1n,
  true,
  new Date(0),
  Buffer.from("bob"),
  new String("bob"),
  "bob\0",
  "bob ann",
  "bób",
  "😀",
  "",
];

/** Texts that mean something to SQL, to a C string, or to nobody. */
const TEXTS = [
  "Robert'); drop table shyim_message; --",
  `"\\'\``,
  "null",
  "?",
  ":id",
  "😀 e\u0301",
  "100% _",
  "A",
  "a",
];

/** Where SQL is put together from parts: names of our own tables and columns, types and numbers of our own, never a value. */
const BUILDERS = [
  "dialects/postgres-collations.ts",
  "import/mysql-source.ts",
  "import/read-plan.ts",
  "import/source-rows.ts",
  "import/workbench-tables.ts",
  "import/write-messages.ts",
  "import/write-target.ts",
  "insert-rows.ts",
  "messages/read-conversation.ts",
  "messages/read-inbox.ts",
  "schema/tables.ts",
  "sqlite/sqlite-connection.ts",
];

describe("S21: SQL is never made of values", () => {
  let place: SqlitePlace;
  let storage: KnexStorage;
  let im: ImServer;

  beforeEach(async () => {
    place = await SqlitePlace.create();
    storage = place.storage();
    im = createImServer({ auth: { authenticate: () => null }, storage });
    await im.start();
  });

  afterEach(async () => {
    await im.close();
    await place.remove();
  });

  const inbox = async (userId: string) => (await storage.messages.readInbox(userId, 0, WHOLE)).items;

  it.each(NO_IDS)("refuses %o where an id belongs, at every call that takes one, and writes nothing", async (wrong) => {
    const id = wrong as string;
    const { id: groupId } = await im.groups.create({ name: "group", ownerId: "ann", memberIds: [] });
    const calls = [
      () => im.messages.send({ to: { userId: id }, text: "x" }),
      () => im.messages.send({ to: { groupId: id }, text: "x" }),
      () => im.messages.send({ to: { userId: "bob" }, from: id, text: "x" }),
      () => im.groups.create({ id, name: "x", ownerId: "ann", memberIds: [] }),
      () => im.groups.create({ name: "x", ownerId: id, memberIds: [] }),
      () => im.groups.create({ name: "x", ownerId: "ann", memberIds: [id] }),
      () => im.groups.add(id, ["bob"]),
      () => im.groups.add(groupId, [id]),
      () => im.groups.remove(groupId, id),
      () => im.groups.members(id),
      () => im.sessions.disconnect(id),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ brand: "shyim.error" });
    const knex = place.knex();
    const counts = await Promise.all(["shyim_message", "shyim_inbox", "shyim_group"].map((name) => knex(name)));
    await knex.destroy();
    // One group, and the item that tells its owner of it.
    expect(counts.map((rows) => rows.length)).toEqual([1, 1, 1]);
  });

  it.each(TEXTS)("stores the text %s as it is: content, name of a group, key", async (text) => {
    const { id } = await im.groups.create({ name: text, ownerId: "bob", memberIds: [] });
    await im.messages.send({ to: { userId: "bob" }, text, key: text });
    await im.messages.send({ to: { userId: "bob" }, text, key: text });
    expect((await storage.groups.find(id))?.name).toBe(text);
    const texts = (await inbox("bob")).filter(({ message }) => message.type === 1);
    expect(texts.map(({ message }) => Buffer.from(message.content).toString())).toEqual([text]);
  });

  it("keeps NUL bytes in content and in its middle", async () => {
    const content = encodeText("before\0after\0");
    await im.messages.send({ to: { userId: "bob" }, type: 1_000, content });
    expect((await inbox("bob"))[0]?.message.content).toEqual(content);
  });

  it("refuses text with a NUL, which a driver would cut there, and half a surrogate pair, which it would replace", async () => {
    for (const name of ["a\0b", "a\ud800b"]) {
      const create = im.groups.create({ name, ownerId: "ann", memberIds: [] });
      await expect(create).rejects.toMatchObject({ code: "invalid_argument" });
    }
    const knex = place.knex();
    expect(await knex("shyim_group")).toEqual([]);
    await knex.destroy();
  });

  it("lets only text, safe integers, bytes and null through the boundary", () => {
    assertBindings(["text", 1, -1, Number.MAX_SAFE_INTEGER, Buffer.from("x"), new Uint8Array(1), null]);
    const wrong = [
      undefined,
      {},
      [],
      new Date(),
      true,
      1n,
      1.5,
      Number.NaN,
      2 ** 53,
      Symbol("x"),
      () => {},
      "\0",
      "\udfff",
    ];
    for (const value of wrong) {
      expect(() => assertBindings([value]), String(typeof value)).toThrow(/a database takes/);
    }
  });

  it("puts SQL together only from names and numbers of its own, in the files that are known for it", () => {
    const files = readFiles("src/adapters/knex", (path) => path.endsWith(".ts"));
    const built = /`[^`]*\b(select|insert|update|delete|pragma|create)\b[^`]*\$\{|["'`] ?\+ ?\w/i;
    const builders = files
      .filter(({ text }) => built.test(text))
      .map(({ path }) => path.replace("src/adapters/knex/", ""));
    expect(builders.sort()).toEqual(BUILDERS);
  });
});

describe("S33: what a database says stays inside", () => {
  it("S31: an error of the database names the statement and none of its values", async () => {
    const place = await SqlitePlace.create();
    const storage = place.storage();
    await storage.start();
    const knex = place.knex();
    await knex.schema.dropTable("shyim_inbox");
    await knex.destroy();
    const commit = storage.messages.commit([
      new UplinkMaker().make({ content: encodeText("secret"), to: "bob-secret" }),
    ]);
    const error = await commit.then(
      () => null,
      (failure: Error) => failure,
    );
    await storage.close();
    await place.remove();
    expect(error).toMatchObject({ code: "unavailable", message: "the database failed; see the cause" });
    const { message: reason } = (error as Error).cause as Error;
    expect(reason).toContain("no such table: shyim_inbox");
    expect(reason).not.toContain("secret");
  });
});
