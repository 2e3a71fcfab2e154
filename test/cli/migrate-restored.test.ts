import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UplinkMaker } from "../../src/testing/conformance/storage/uplink-maker.js";
import { CommandLine } from "./command-line.js";

describe("shyim migrate --restored", () => {
  let shell: CommandLine;
  beforeEach(async () => {
    shell = await CommandLine.open();
  });
  afterEach(() => shell.close());

  /** Two messages from ann to bob in `name`. */
  const writeHistory = async (name: string): Promise<void> => {
    const storage = shell.storage(name);
    const maker = new UplinkMaker();
    await storage.start();
    await storage.messages.commit([maker.make({ to: "bob" }), maker.make({ to: "bob" })]);
    await storage.close();
  };

  /** What a client of bob's would be told. */
  const look = async (name: string) => {
    const storage = shell.storage(name);
    await storage.start();
    const { syncEpoch, headSeq, baseSeq } = await storage.messages.readInbox("bob", 0, {
      maxItems: 1,
      maxBytes: 1_000,
    });
    await storage.close();
    return { syncEpoch, headSeq, baseSeq };
  };

  it("gives the copy a new epoch and says the old and the new one", async () => {
    await writeHistory("chat.db");
    const before = await look("chat.db");

    const { exitCode, out, err } = await shell.run("migrate", shell.path("chat.db"), "--restored");

    const after = await look("chat.db");
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(after.syncEpoch).not.toBe(before.syncEpoch);
    expect(out.split("\n")).toEqual([
      `${shell.path("chat.db")}: schema version 2, nothing to do`,
      `${shell.path("chat.db")}: marked as restored, clients will re-sync when they connect`,
      `  sync epoch ${before.syncEpoch} → ${after.syncEpoch}`,
    ]);
  });

  it("tells every inbox that what a client shares with the copy ends at its head", async () => {
    await writeHistory("chat.db");
    expect(await look("chat.db")).toMatchObject({ headSeq: 2, baseSeq: 0 });
    await shell.run("migrate", shell.path("chat.db"), "--restored");
    expect(await look("chat.db")).toMatchObject({ headSeq: 2, baseSeq: 2 });
  });

  it("refuses a copy beside which a log still lies, which may be the lost database's, and touches neither", async () => {
    await writeHistory("chat.db");
    const before = await readFile(shell.path("chat.db"));
    await writeFile(shell.path("chat.db-wal"), "the log of another file");
    const { exitCode, out, err } = await shell.run("migrate", shell.path("chat.db"), "--restored");
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(/^shyim: .*chat\.db-wal is still there: remove it .*nothing was changed\)$/);
    expect(await readFile(shell.path("chat.db"))).toEqual(before);
    expect(await readFile(shell.path("chat.db-wal"), "utf8")).toBe("the log of another file");
  });

  it("refuses a file that is not there, and creates nothing", async () => {
    for (const name of ["chat.db", "data/chat.db"]) {
      const { exitCode, out, err } = await shell.run("migrate", shell.path(name), "--restored");
      expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
      expect(err).toMatch(/^shyim: .*chat\.db is not there: put the copy from the backup in its place/);
    }
    expect(await shell.files()).toEqual([]);
  });

  it("does not take a database without a chat for a copy of one", async () => {
    await shell.withDriver("app.db", (handle) => handle.exec("create table orders (id integer)"));
    const { exitCode, err } = await shell.run("migrate", shell.path("app.db"), "--restored");
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^shyim: .*app\.db held no chat, .*is it the copy from the backup\?$/);
  });
});
