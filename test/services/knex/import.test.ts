import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type ImportPlan, importShyim } from "../../../src/adapters/knex/index.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { expectedChat, type Written } from "../../adapters/knex/import/expected-chat.js";
import type { ImportPlace } from "../../adapters/knex/import/import-place.js";
import { mariadb, openOriginal, openTarget, TARGETS } from "../../adapters/knex/import/open-places.js";
import { readChat, readHistoryIds, readInboxIds } from "../../adapters/knex/import/read-chat.js";
import { village, villagePlan } from "../../adapters/knex/import/village-chat.js";
import { fillAtRandom } from "../../adapters/knex/import/villages.js";

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

  it("plans a dry run also where the target is not there", async () => {
    const original = await openOriginal();
    const missing = new URL(mariadb);
    missing.pathname = "/shyim_nowhere";
    for (const connection of [missing.href, "mysql://nobody@127.0.0.1:1/gone"]) {
      const to = { client: "mysql2", connection } as const;
      expect(await importShyim({ from: original.url, to, isDryRun: true })).toBe("planned");
    }
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
    for (const isDryRun of [false, true]) {
      await expect(importShyim({ from: original.url, to, isDryRun })).rejects.toThrow(
        /is source and target at once: make a database/,
      );
    }
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
