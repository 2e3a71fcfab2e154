import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { ImportPlace } from "../../adapters/knex/import/import-place.js";
import { OriginalDatabase } from "../../adapters/knex/import/original-database.js";
import { readInboxIds } from "../../adapters/knex/import/read-chat.js";
import { fillAtRandom, fillVillage } from "../../adapters/knex/import/villages.js";
import { CommandLine } from "../../cli/command-line.js";
import { ServerPlace } from "./server-place.js";

const mariadb = inject("services").mariadb ?? "";
const program = fileURLToPath(new URL("../../../src/cli/index.ts", import.meta.url));

async function openShell(): Promise<CommandLine> {
  const shell = await CommandLine.open();
  onTestFinished(() => shell.close());
  return shell;
}

async function openPlace(client: "mysql2" | "pg", url: string): Promise<ServerPlace> {
  const place = await ServerPlace.create(client, url);
  onTestFinished(() => place.remove());
  return place;
}

async function openOriginal(): Promise<OriginalDatabase> {
  const original = await OriginalDatabase.create((await openPlace("mysql2", mariadb)).url);
  onTestFinished(() => original.close());
  return original;
}

const DATABASES = [
  ["mariadb", "mysql2"],
  ["postgres", "pg"],
] as const;

describe.each(DATABASES)("shyim migrate on %s", (service, client) => {
  const server = inject("services")[service] ?? "";

  it.skipIf(server === "")("makes the tables once, and gives a database that was put back a new epoch", async () => {
    const [shell, place] = [await openShell(), await openPlace(client, server)];
    const { host, pathname, protocol } = new URL(place.url);
    const name = `${protocol}//${host}${pathname}`;
    const out = async (...more: string[]) => (await shell.run("migrate", place.url, ...more)).out;
    expect(await shell.run("migrate", place.url, "--restored")).toEqual({
      exitCode: 1,
      out: "",
      err: `shyim: ${name} held no chat, so there is nothing to mark as restored: is it the copy from the backup?`,
    });
    expect(await out()).toMatch(new RegExp(`^${name}: schema version 0 → [0-9]+$`));
    expect(await out()).toMatch(/: schema version [0-9]+, nothing to do$/);
    const storage = place.storage({ migrate: false });
    await storage.start();
    await storage.messages.commit([new UplinkMaker().make({ to: "bob" })]);
    const before = await storage.messages.readHeads([]);
    expect(await out("--restored")).toContain(`\n  sync epoch ${before.syncEpoch} → `);
    const { syncEpoch, baseSeq } = await storage.messages.readInbox("bob", 0, { maxItems: 1, maxBytes: 1 });
    expect([syncEpoch === before.syncEpoch, baseSeq]).toEqual([false, 1]);
    await storage.close();
  });

  it.skipIf(server === "")("says that the database of a server is not there, and tells no password", async () => {
    const shell = await openShell();
    const url = new URL(server);
    url.pathname = "/shyim_nowhere";
    url.password = "secret";
    const { exitCode, out, err } = await shell.run("migrate", url.href);
    expect([exitCode, out]).toEqual([1, ""]);
    expect(err).toMatch(
      /^shyim: cannot open .*shyim_nowhere: .* may this user connect, and does the database exist\?$/,
    );
    expect(err).not.toContain("secret");
  });
});

describe.skipIf(mariadb === "")("shyim import", () => {
  it("says what becomes of a chat, then takes it over, then that it has", async () => {
    const [shell, original] = [await openShell(), await openOriginal()];
    await fillVillage(original);
    const target = shell.path("chat.db");
    const words = ["import", "--from", original.url, "--to", target];
    const rehearsal = await shell.run(...words, "--dry-run");
    expect([rehearsal.exitCode, rehearsal.err, await shell.files()]).toEqual([0, "", []]);
    const lines = rehearsal.out.split("\n");
    expect(lines[0]).toMatch(new RegExp(`^mysql://[^@]*/shyim_\\w+ → ${target}$`));
    expect(lines).toContain("  messages              5 of 20 rows (copies of one are one)");
    expect(lines).toContain("  renumbered            2 inboxes: 2 numbers were there twice, 2 gaps are closed");
    expect(lines).toContain("  1 messages: sent to a group by somebody who is not in it: nobody got it (row 38)");
    expect(rehearsal.out).toContain("accounts.importedPasswordSalt");
    expect(lines.at(-1)).toBe("Dry run: nothing was written.");

    const real = await shell.run(...words);
    expect([real.exitCode, real.err]).toEqual([0, ""]);
    expect(real.out.split("\n").slice(0, -2)).toEqual(lines.slice(0, -1));
    expect(real.out).toContain(`\nImported into ${target} in `);
    expect(await shell.run(...words)).toEqual({
      exitCode: 0,
      out: `${target} holds this import already: it is complete, nothing was changed.`,
      err: "",
    });
  });

  it("survives kill -9 wherever it comes, and ends with what an undisturbed one ends with", async () => {
    const [shell, original, target] = [await openShell(), await openOriginal(), await ImportPlace.file()];
    onTestFinished(() => target.remove());
    const { users } = await fillAtRandom(original, 4, 20_000);
    const expected = shell.path("expected.db");
    expect((await shell.run("import", "--from", original.url, "--to", expected)).exitCode).toBe(0);
    let kills = 0;
    for (let patienceMs = 300; !(await runFor(patienceMs, original.url, target.word)); patienceMs += 150) kills++;
    expect(kills).toBeGreaterThan(3);
    const [left, right] = [shell.storage("expected.db"), target.storage()];
    await Promise.all([left.start(), right.start()]);
    for (const user of users.map(String)) {
      const ids = await readInboxIds(left, user);
      expect(ids.length).toBeGreaterThan(100);
      expect(await readInboxIds(right, user)).toEqual(ids);
    }
    await Promise.all([left.close(), right.close()]);
  });
});

/** The program as a process of its own, killed after so long; true when it was faster. */
async function runFor(ms: number, from: string, to: string): Promise<boolean> {
  const args = ["--import", "tsx", program, "import", "--from", from, "--to", to];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  expect(said).toBe("");
  return code === 0;
}
