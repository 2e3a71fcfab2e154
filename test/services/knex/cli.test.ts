import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { ImportPlace } from "../../adapters/knex/import/import-place.js";
import { OriginalDatabase } from "../../adapters/knex/import/original-database.js";
import { readChat } from "../../adapters/knex/import/read-chat.js";
import { fillAtRandom, fillVillage } from "../../adapters/knex/import/villages.js";
import { CommandLine } from "../../cli/command-line.js";
import { ServerPlace } from "./server-place.js";

const mariadb = inject("services").mariadb ?? "";
const program = fileURLToPath(new URL("../../cli/halting-program.ts", import.meta.url));

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

async function openTarget(): Promise<ImportPlace> {
  const target = await ImportPlace.file();
  onTestFinished(() => target.remove());
  return target;
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
    expect(lines).toContain("  1 message: sent to a group by somebody who is not in it: nobody got it (row 38)");
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

  it("survives kill -9 at every stage, and ends with what an undisturbed one ends with", async () => {
    const original = await openOriginal();
    const [expected, target] = [await openTarget(), await openTarget()];
    const { users, groups } = await fillAtRandom(original, 4, 20_000);
    const words = (to: ImportPlace): string[] => ["import", "--from", original.url, "--to", to.word];
    expect(await runUntil("", words(expected))).toBe("done");
    for (const stage of STAGES) expect([stage, await runUntil(stage, words(target))]).toEqual([stage, "killed"]);
    expect(await runUntil("", words(target))).toBe("done");
    const read = (place: ImportPlace) => readChat(place, users.map(String), [...groups.keys()].map(String));
    const chat = await read(expected);
    expect(Object.values(chat.inboxes).every(({ length }) => length > 100)).toBe(true);
    expect(await read(target)).toEqual(chat);
    expect(await target.contents()).toEqual(await expected.contents());
  });
});

/** Lines of progress at which the program is killed, one after the other. */
const STAGES = [
  "reading messages: 2,000 of",
  "sorting: step 1 of",
  "writing users:",
  "writing messages: 1,000 of",
  "writing messages: .* [5-9][0-9] %",
  "writing conversations:",
  "writing heads of inboxes:",
];

/** The program as a process of its own, killed when it has said a line that fits; runs to its end when none is meant. */
async function runUntil(stage: string, words: readonly string[]): Promise<"killed" | "done"> {
  const child = spawn(process.execPath, ["--import", "tsx", program, stage, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [said, wrong] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (stage !== "" && new RegExp(`${stage}.*\n`).test(said)) child.kill("SIGKILL");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    wrong += text;
  });
  const [code, signal] = await once(child, "close");
  expect([wrong, signal ?? code]).toEqual(["", stage === "" ? 0 : "SIGKILL"]);
  return signal === "SIGKILL" ? "killed" : "done";
}
