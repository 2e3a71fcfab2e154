import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { runImport } from "../../../src/adapters/knex/import/import-shyim.js";
import { type ImportOptions, type ImportPlan, importShyim } from "../../../src/adapters/knex/index.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { expectedChat, type Written } from "../../adapters/knex/import/expected-chat.js";
import { Died, ImportPlace } from "../../adapters/knex/import/import-place.js";
import { OriginalDatabase } from "../../adapters/knex/import/original-database.js";
import { readChat, readHistoryIds, readInboxIds } from "../../adapters/knex/import/read-chat.js";
import { fillAtRandom, fillVillage } from "../../adapters/knex/import/villages.js";
import { ServerPlace } from "./server-place.js";

const mariadb = inject("services").mariadb ?? "";
const postgres = inject("services").postgres ?? "";

/** Where an import may go. */
const TARGETS = [
  { name: "a SQLite file", isThere: true, open: () => ImportPlace.file() },
  { name: "MariaDB", isThere: mariadb !== "", open: () => ImportPlace.server("mysql2", mariadb) },
  { name: "PostgreSQL", isThere: postgres !== "", open: () => ImportPlace.server("pg", postgres) },
].filter(({ isThere }) => isThere);

/** A database of the original's, taken away after the test. */
async function openOriginal(fill: (original: OriginalDatabase) => Promise<unknown> = fillVillage) {
  const place = await ServerPlace.create("mysql2", mariadb);
  const original = await OriginalDatabase.create(place.url);
  onTestFinished(async () => {
    await original.close();
    await place.remove();
  });
  await fill(original);
  return original;
}

async function openTarget(open: () => Promise<ImportPlace> = () => ImportPlace.file()): Promise<ImportPlace> {
  const target = await open();
  onTestFinished(() => target.remove());
  return target;
}

/** So small that a small chat takes many transactions. */
const pages = { rows: 3, messages: 2 };

/** The import until it is through, or dies as a process would. */
async function attempt(options: ImportOptions, parts: Parameters<typeof runImport>[1] = {}): Promise<string> {
  return runImport(options, { pages, ...parts }).catch((error) => {
    // A database tells it as its own failure.
    if (error instanceof Died || error.cause instanceof Died) return "died";
    throw error;
  });
}

/** The import of an original that nothing interrupts, as it lies in the target. */
async function undisturbed(original: OriginalDatabase, open: () => Promise<ImportPlace>): Promise<unknown> {
  const target = await openTarget(open);
  await importShyim({ from: original.url, to: target.to });
  return target.contents();
}

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = "UTC";
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe.skipIf(mariadb === "").each(TARGETS)("an import into $name", ({ open }) => {
  it("makes of each row what it was, and only reads the original", async () => {
    const [original, target] = [await openOriginal(), await openTarget(open)];
    const before = await original.checksums();
    expect(await importShyim({ from: original.url, to: target.to })).toBe("imported");
    expect(await original.checksums()).toEqual(before);
    expect(await readChat(target, ["1", "2", "3", "4", "7", "99"], ["5", "6", "8", "77"])).toEqual(village);
  });

  it.each([1, 2, 3])("numbers and merges as the rules say, whatever the rows are: seed %i", async (seed) => {
    let written: Written = { users: [], groups: new Map(), rows: [] };
    const original = await openOriginal(async (it) => {
      written = await fillAtRandom(it, seed, 700);
    });
    const target = await openTarget(open);
    await importShyim({ from: original.url, to: target.to, maxContentBytes: 50 });
    await expectChat(target, written, 50);
  });

  it("dies at one statement after the other and ends with what an undisturbed one ends with", async () => {
    const [original, target] = [await openOriginal(), await openTarget(open)];
    let deaths = 0;
    while ((await attempt({ from: original.url, to: target.to }, { database: target.failingAt(deaths) })) === "died")
      deaths++;
    expect(deaths).toBeGreaterThan(20);
    expect(await target.contents()).toEqual(await undisturbed(original, open));
  });

  it("refuses a target with a chat of its own, says what is there, and changes nothing", async () => {
    const [original, target] = [await openOriginal(), await openTarget(open)];
    const storage = target.storage();
    await storage.start();
    await storage.messages.commit([new UplinkMaker().make({ to: "bob" })]);
    await storage.close();
    const before = await target.contents();
    await expect(importShyim({ from: original.url, to: target.to })).rejects.toThrow(
      /holds a chat of its own: 1 in shyim_message, 2 in shyim_inbox, .*without a chat \(nothing was changed\)$/,
    );
    expect(await target.contents()).toEqual(before);
  });

  it("changes nothing when it is complete, also without the original and after a server has written", async () => {
    const [original, target] = [await openOriginal(), await openTarget(open)];
    await importShyim({ from: original.url, to: target.to });
    const storage = target.storage();
    await storage.start();
    await storage.messages.commit([new UplinkMaker().make({ senderId: "1", to: "2" })]);
    await storage.close();
    const before = await target.contents();
    expect(await importShyim({ from: "mysql://nobody@127.0.0.1:1/gone", to: target.to })).toBe("imported before");
    expect(await target.contents()).toEqual(before);
  });

  it("leaves a chat that goes on: the next place, the next position, ids nobody had", async () => {
    const [original, target] = [await openOriginal(), await openTarget(open)];
    await importShyim({ from: original.url, to: target.to });
    const storage = target.storage();
    await storage.start();
    const { outcomes } = await storage.messages.commit([new UplinkMaker().make({ senderId: "1", to: "2" })]);
    expect(outcomes).toMatchObject([{ kind: "stored", receipt: { senderSeq: 5, conversationSeq: 4 } }]);
    const user = { phoneNumber: "123456", nickname: "new", passwordHash: "none" };
    expect((await storage.users.create(user)).id).toBe("8");
    expect((await storage.groups.create({ name: "new", ownerId: "1", memberIds: [] })).group.id).toBe("9");
    await storage.close();
  });
});

describe.skipIf(mariadb === "")("an import", () => {
  it("dies at any statement of its own and ends, taken up once, with what an undisturbed one ends with", async () => {
    const original = await openOriginal();
    const expected = await undisturbed(original, () => ImportPlace.file());
    for (let n = 0, isOver = false; !isOver; n++) {
      const target = await ImportPlace.file();
      const first = await attempt({ from: original.url, to: target.to }, { database: target.failingAt(n) });
      isOver = first === "imported";
      if (!isOver) expect(await attempt({ from: original.url, to: target.to })).toBe("imported");
      expect(await target.contents()).toEqual(expected);
      await target.remove();
    }
  });

  it("dies between any two pages of reading, sorting and writing, and ends the same", async () => {
    const original = await openOriginal();
    const expected = await undisturbed(original, () => ImportPlace.file());
    for (let n = 0, isOver = false; !isOver; n += 3) {
      const target = await ImportPlace.file();
      let left = n;
      const onProgress = () => {
        if (left-- === 0) throw new Died();
      };
      isOver = (await attempt({ from: original.url, to: target.to, onProgress })) === "imported";
      if (!isOver) expect(await attempt({ from: original.url, to: target.to })).toBe("imported");
      expect(await target.contents()).toEqual(expected);
      await target.remove();
    }
  });

  it("tells what it takes, what it changes and what it leaves out, before it writes", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    const plans: ImportPlan[] = [];
    const steps: string[] = [];
    await importShyim({
      from: original.url,
      to: target.to,
      onPlan: (plan) => {
        plans.push(plan);
        steps.push("plan");
      },
      onProgress: ({ step }) => void steps.push(step),
    });
    expect(plans).toEqual([{ ...villagePlan, source: expect.stringMatching(/^mysql:\/\/[^@]*\/shyim_[0-9a-f]+$/) }]);
    expect([...new Set(steps)]).toEqual(["reading", "sorting", "plan", "writing"]);
    expect(plans[0]?.leftOut.reduce((sum, { count, part }) => sum + (part === "messages" ? count : 0), 0)).toBe(10);
  });

  it("plans the same on a dry run, which leaves nothing anywhere", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    const temporary = await mkdtemp(join(tmpdir(), "shyim-dry-"));
    const before = [process.env.TMPDIR, await original.checksums()];
    process.env.TMPDIR = temporary;
    onTestFinished(() => rm(temporary, { recursive: true }));
    const plans: ImportPlan[] = [];
    const options = { from: original.url, to: target.to, onPlan: (plan: ImportPlan) => void plans.push(plan) };
    expect(await importShyim({ ...options, isDryRun: true })).toBe("planned");
    expect([await readdir(temporary), await readdir(join(target.word, ".."))]).toEqual([[], []]);
    if (before[0] === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before[0] as string;
    expect(await original.checksums()).toEqual(before[1]);
    await importShyim(options);
    expect(plans[0]).toEqual(plans[1]);
    expect(await readdir(join(target.word, ".."))).toEqual(["chat.db"]);
  });

  it("takes what was there when it began, also when it is taken up later", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    const expected = await undisturbed(original, () => ImportPlace.file());
    expect(await attempt({ from: original.url, to: target.to }, { database: target.failingAt(60) })).toBe("died");
    await original.addMessages({ user_id: 1, sender_id: 1, receiver_id: 2, content: "late", seq: 50 });
    await original.knex("user").insert({ phone_number: "1", nickname: "late", password: "x" });
    await rm(`${target.word}-import`, { recursive: true });
    expect(await attempt({ from: original.url, to: target.to })).toBe("imported");
    expect(await target.contents()).toEqual(expected);
  });

  it("does not go on with rows that have become others", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    expect(await attempt({ from: original.url, to: target.to }, { database: target.failingAt(60) })).toBe("died");
    await rm(`${target.word}-import`, { recursive: true });
    await original.knex("message").where({ id: 14 }).delete();
    await expect(attempt({ from: original.url, to: target.to })).rejects.toThrow(/the source is not what it was when/);
  });

  it("does not go on with another database, another zone, other limits or beside a server", async () => {
    const [original, other, target] = [await openOriginal(), await openOriginal(), await openTarget()];
    expect(await attempt({ from: original.url, to: target.to }, { database: target.failingAt(60) })).toBe("died");
    const again = (options: Partial<ImportOptions>) => attempt({ from: original.url, to: target.to, ...options });
    await expect(again({ from: other.url })).rejects.toThrow(/begun from the database shyim_\w+, this one is shyim_/);
    await expect(again({ maxContentBytes: 7 })).rejects.toThrow(
      /begun with content up to 32768 bytes, now it is 7: go on/,
    );
    process.env.TZ = "Asia/Shanghai";
    await expect(again({})).rejects.toThrow(/begun in the time zone UTC, now it is Asia\/Shanghai \(the variable TZ/);
    process.env.TZ = "UTC";
    const storage = target.storage();
    await storage.start();
    await storage.messages.commit([new UplinkMaker().make({ to: "bob" })]);
    await storage.close();
    await expect(again({})).rejects.toThrow(/holds something a server has written meanwhile: 2 in shyim_inbox_head/);
  });

  it("reads times in the zone of this process, as the original wrote them", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    process.env.TZ = "Asia/Shanghai";
    await importShyim({ from: original.url, to: target.to });
    process.env.TZ = "UTC";
    const { inboxes } = await readChat(target, ["3"], []);
    expect(inboxes["3"]?.[0]).toBe("1 3 → group 5 @2 02:00:05: second");
  });

  it("takes tables with the names that gorm gives by itself", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    await original.knex.raw("rename table `user` to users, `group` to `groups`, message to messages");
    expect(await importShyim({ from: original.url, to: target.to })).toBe("imported");
    expect(await readChat(target, ["1", "2", "3", "4", "7", "99"], ["5", "6", "8", "77"])).toEqual(village);
  });

  it("lists what is missing in a database that is not the original's, and makes no target", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    const run = () => importShyim({ from: original.url, to: target.to });
    await original.knex.raw("alter table message drop column send_time, drop column seq");
    await expect(run()).rejects.toThrow(/: the table message lacks the columns seq, send_time; found: .*content/);
    await original.knex.raw("rename table `group_user` to orders");
    await original.knex.raw("drop table message");
    const missing =
      /missing the tables group_user or group_users, message or messages; found: friend, group, orders, user\./;
    await expect(run()).rejects.toThrow(missing);
    expect(await readdir(join(target.word, ".."))).toEqual([]);
  });

  it("writes nothing into the database it reads from", async () => {
    const original = await openOriginal();
    const to = { client: "mysql2", connection: original.url } as const;
    await expect(importShyim({ from: original.url, to })).rejects.toThrow(
      /is source and target at once: make a database/,
    );
    const [tables] = await original.knex.raw("show tables");
    expect(tables).toHaveLength(5);
  });

  it("says why a source cannot be opened, and never with the password", async () => {
    const target = await openTarget();
    const url = new URL(mariadb);
    [url.username, url.password] = ["nobody", "secret"];
    for (const from of [url.href, "mysql://nobody:secret@127.0.0.1:1/im"]) {
      const error: Error = await importShyim({ from, to: target.to }).then(
        () => new Error("it was opened"),
        (thrown) => thrown,
      );
      expect(error.message).toMatch(/^cannot open mysql:\/\/127\.0\.0\.1:\d+\/\w+: .*Does it run there, may this user/);
      expect(error.message).not.toContain("secret");
    }
  });
});

/** What `fillVillage` becomes. */
const village = {
  users: [
    '1 13800000001 "ada" shyim-md5$0123456789abcdef0123456789abcdef',
    '2 13800000002 "bob" shyim-md5$0123456789abcdef0123456789abcdef',
    '3 13800000003 "cid" shyim-md5$0123456789abcdef0123456789abcdef',
    '4 13800000004 "4" shyim-md5$0123456789abcdef0123456789abcdef',
    '7 +491701234567 "dan" none',
  ],
  friends: ["1: 2 7", "2: 1", "7: 1"],
  groups: [
    ...['5 "crew" of 1', "  1 owner 0–", "  2 member 0–", "  3 member 1–", "  7 member 0–1"],
    ...['6 "without its owner" of 7', "  2 member 0–", "  7 owner 0–", "8 is not there", "77 is not there"],
  ],
  inboxes: {
    1: [
      "1 1 → single 2 @1 10:00:01: hello",
      "2 1 → group 5 @1 10:00:02: first",
      "3 2 → single 1 @2 10:00:03: hi",
      "4 3 → group 5 @2 10:00:05: second",
      "head 4",
    ],
    2: [
      "1 1 → single 2 @1 10:00:01: hello",
      "2 2 → single 1 @2 10:00:03: hi",
      "3 2 → single 1 @3 10:00:03: hi",
      "4 1 → group 5 @1 10:00:02: first",
      "head 4",
    ],
    3: ["1 3 → group 5 @2 10:00:05: second", "head 1"],
    4: ["head 0"],
    7: ["1 1 → group 5 @1 10:00:02: first", "head 1"],
    99: ["head 0"],
  },
};

const leftOut = (part: string, reason: string, ...rowIds: number[]) => ({ part, reason, count: rowIds.length, rowIds });

/** What is told of it. */
const villagePlan = {
  timeZone: "UTC",
  rows: { users: 5, friends: 5, groups: 3, members: 9, messages: 20 },
  becomes: { users: 5, friends: 2, groups: 2, members: 5, messages: 5 },
  inboxes: 4,
  places: 10,
  renumberedInboxes: 2,
  doubledNumbers: 2,
  closedGaps: 2,
  passwords: 4,
  notes: [
    { count: 1, text: expect.stringMatching(/^phone numbers brought into the form/) },
    { count: 2, text: expect.stringMatching(/^nicknames that had to be shortened/) },
    { count: 1, text: expect.stringMatching(/^groups whose owner is not in the table of users/) },
    { count: 1, text: expect.stringMatching(/^users who have messages of a group they are not in any more/) },
  ],
  leftOut: [
    leftOut("friends", "a friend of oneself", 4),
    leftOut("friends", "a user who is not in the table of users", 5),
    leftOut("groups", "neither its owner nor any member is in the table of users", 8),
    leftOut("members", "a group that is not in the table of groups, or was left out", 6),
    leftOut("members", "a user who is not in the table of users", 5, 7),
    leftOut("messages", "the inbox of somebody who neither sent nor received it", 34),
    leftOut("messages", "content that is larger than allowed (32768 bytes)", 37),
    leftOut("messages", "sent to a group by somebody who is not in it: nobody got it", 38),
    leftOut(
      ...(["messages", "a receiver who is not in the table of users, or a group that is not taken"] as const),
      ...[32, 33, 39, 40],
    ),
    leftOut("messages", "a sender who is not in the table of users", 31),
    leftOut("messages", "a session type that is neither 1 (single) nor 2 (group)", 35),
    leftOut("messages", "a message type that is none of 1 (text), 2 (picture), 3 (voice)", 36),
  ],
};

/** Compares a target with the rules written down once more. */
async function expectChat(target: ImportPlace, written: Written, maxContentBytes: number): Promise<void> {
  const expected = expectedChat(written, maxContentBytes);
  const storage = target.storage();
  await storage.start();
  try {
    for (const user of written.users) {
      expect(await readInboxIds(storage, String(user))).toEqual(expected.inboxes.get(user) ?? []);
    }
    for (const [key, ids] of expected.conversations) {
      const [kind, a = "", b = ""] = key.split(" ");
      if (kind === "s") expect(await readHistoryIds(storage, a, { kind: "single", id: b })).toEqual(ids);
    }
    for (const [group, joined] of expected.joined) {
      const all = expected.conversations.get(`g ${group}`) ?? [];
      for (const [user, after] of joined) {
        const seen = await readHistoryIds(storage, String(user), { kind: "group", id: String(group) });
        expect(seen).toEqual(all.slice(after));
      }
    }
  } finally {
    await storage.close();
  }
}
