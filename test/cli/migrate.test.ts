import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInstalled } from "../adapters/knex/is-installed.js";
import { CommandLine } from "./command-line.js";

describe("shyim migrate", () => {
  let shell: CommandLine;
  beforeEach(async () => {
    shell = await CommandLine.open();
  });
  afterEach(() => shell.close());

  /** What the database knows about itself: its version, its epoch. */
  const readMeta = () =>
    shell.withDriver("chat.db", (handle) => handle.prepare("select * from shyim_meta order by name").all());

  it("creates a missing database and says from which version to which", async () => {
    const file = shell.path("chat.db");
    expect(await shell.run("migrate", file)).toEqual({ exitCode: 0, out: `${file}: schema version 0 → 2`, err: "" });
    expect(await shell.files()).toContain("chat.db");
  });

  it("makes a database on which a storage that does not migrate can start", async () => {
    await shell.run("migrate", shell.path("chat.db"));
    const storage = shell.storage("chat.db", { migrate: false });
    await storage.start();
    expect((await storage.messages.readHeads([])).syncEpoch).toMatch(/^[0-9a-f]{32}$/);
    await storage.close();
  });

  it("says that there is nothing to do the second time, and changes nothing", async () => {
    const file = shell.path("chat.db");
    await shell.run("migrate", file);
    const before = await readMeta();
    expect((await shell.run("migrate", file)).out).toBe(`${file}: schema version 2, nothing to do`);
    expect(await readMeta()).toEqual(before);
  });

  it("leaves the tables of an application where they are", async () => {
    await shell.withDriver("app.db", (handle) =>
      handle.exec("create table orders (id integer); insert into orders values (7)"),
    );
    expect((await shell.run("migrate", shell.path("app.db"))).exitCode).toBe(0);
    expect(await shell.withDriver("app.db", (handle) => handle.prepare("select id from orders").all())).toEqual([
      { id: 7 },
    ]);
  });

  it("refuses a database that a newer version has migrated, and changes nothing", async () => {
    await shell.run("migrate", shell.path("chat.db"));
    await shell.withDriver("chat.db", (handle) =>
      handle.exec("update shyim_meta set value = '999' where name = 'schema_version'"),
    );
    const before = await readMeta();

    for (const more of [[], ["--restored"]]) {
      const { exitCode, out, err } = await shell.run("migrate", shell.path("chat.db"), ...more);
      expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
      expect(err).toMatch(
        /^shyim: the database has schema version 999, this shyim knows versions up to 2: .*run that one/,
      );
      expect(await readMeta()).toEqual(before);
    }
  });

  it("says that a file is no database, and leaves it as it is", async () => {
    await writeFile(shell.path("notes.txt"), "milk, eggs, bread\n");
    const { exitCode, err } = await shell.run("migrate", shell.path("notes.txt"));
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^shyim: cannot open .*notes\.txt: file is not a database\b.*SQLite file\?$/);
    expect(await readFile(shell.path("notes.txt"), "utf8")).toBe("milk, eggs, bread\n");
  });

  it("says that a folder cannot be opened", async () => {
    await mkdir(shell.path("chat.db"));
    const { exitCode, err } = await shell.run("migrate", shell.path("chat.db"));
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^shyim: cannot open .*chat\.db: .*is it a SQLite file\?$/);
  });

  it("does not make the folder of a database", async () => {
    const { exitCode, err } = await shell.run("migrate", shell.path("data/chat.db"));
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^shyim: cannot open .*Does its folder exist/);
    expect(await shell.files()).toEqual([]);
  });

  it("gives up on a database that somebody else keeps locked, and says when to run it again", async () => {
    await shell.withDriver("chat.db", async (handle) => {
      handle.exec("pragma journal_mode = wal; begin exclusive");
      const { exitCode, err } = await shell.run("migrate", shell.path("chat.db"));
      expect(exitCode).toBe(1);
      expect(err).toBe("shyim: another process holds the database's lock; run this again when it has let go");
    });
  });

  it("names the package of a driver that is not installed", async ({ skip }) => {
    skip(isInstalled("better-sqlite3"), "better-sqlite3 is installed here");
    const { exitCode, err } = await shell.run("migrate", shell.path("chat.db"), "--client", "better-sqlite3");
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^shyim: client "better-sqlite3" needs its package: npm install better-sqlite3 \(.*\)$/);
    expect(await shell.files()).toEqual([]);
  });
});
