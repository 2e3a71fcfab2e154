import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runImport } from "../../../src/adapters/knex/import/import-shyim.js";
import { type ImportOptions, type ImportProgress, importShyim } from "../../../src/adapters/knex/index.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { Died, ImportPlace } from "../../adapters/knex/import/import-place.js";
import { mariadb, openOriginal, openTarget, TARGETS } from "../../adapters/knex/import/open-places.js";
import type { OriginalDatabase } from "../../adapters/knex/import/original-database.js";
import { readChat } from "../../adapters/knex/import/read-chat.js";

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
/** Below the ids of the first run, in a table each; lengths and counts stay as they were. */
const CHANGES = [
  ["a message has another content", "update message set content = 'secand' where id = 24"],
  ["a copy of a message has another content", "update message set content = 'secand' where id = 25"],
  ["a message has another number", "update message set seq = 3 where id = 14"],
  ["a message has another time", "update message set send_time = '2024-05-01 10:00:04' where id = 24"],
  ["a message is gone", "delete from message where id = 14"],
  ["a user has another name", "update `user` set nickname = 'rob' where id = 2"],
  ["a user has another phone number", "update `user` set phone_number = '13800000009' where id = 2"],
  ["a user has another password", "update `user` set password = repeat('f', 32) where id = 2"],
  ["a friend is another one", "update friend set friend_id = 3 where id = 1"],
  ["a group has another owner", "update `group` set owner_id = 2 where id = 5"],
  ["a group has another name", "update `group` set name = 'cruw' where id = 5"],
  ["a member is another one", "update group_user set user_id = 4 where id = 3"],
] as const;

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = "UTC";
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe.skipIf(mariadb === "").each(TARGETS)("an interrupted import into $name", ({ open }) => {
  it("dies at one statement after the other and ends with what an undisturbed one ends with", async () => {
    const [original, target] = [await openOriginal(), await openTarget(open)];
    let deaths = 0;
    while ((await attempt({ from: original.url, to: target.to }, { database: target.failingAt(deaths) })) === "died")
      deaths++;
    expect(deaths).toBeGreaterThan(20);
    expect(await target.contents()).toEqual(await undisturbed(original, open));
  });
});

describe.skipIf(mariadb === "")("an interrupted import", () => {
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

  describe.each(["in its place", "gone"])("with its workbench %s", (workbench) => {
    it.each(CHANGES)("does not go on when %s", async (_what, change) => {
      const [original, target] = [await openOriginal(), await openTarget()];
      expect(await attempt({ from: original.url, to: target.to }, { database: target.failingAt(60) })).toBe("died");
      const before = await target.contents();
      if (workbench === "gone") await rm(`${target.word}-import`, { recursive: true });
      await original.knex.raw(change);
      await expect(attempt({ from: original.url, to: target.to })).rejects.toThrow(
        /^the source is not what it was when this import began: .*new target \(nothing was changed\)$/,
      );
      expect(await target.contents()).toEqual(before);
    });
  });

  it("goes on when what was changed has been put back", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    const expected = await undisturbed(original, () => ImportPlace.file());
    expect(await attempt({ from: original.url, to: target.to }, { database: target.failingAt(60) })).toBe("died");
    await original.knex("message").where({ id: 24 }).update({ content: "other!" });
    await expect(attempt({ from: original.url, to: target.to })).rejects.toThrow(/is not what it was/);
    await original.knex("message").where({ id: 24 }).update({ content: "second" });
    expect(await attempt({ from: original.url, to: target.to })).toBe("imported");
    expect(await target.contents()).toEqual(expected);
  });

  it("notices rows that were changed before it had read everything", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    const onProgress = ({ what, done }: ImportProgress) => {
      if (what === "messages" && done > 0) throw new Died();
    };
    expect(await attempt({ from: original.url, to: target.to, onProgress })).toBe("died");
    await original.knex("user").where({ id: 2 }).update({ nickname: "rob" });
    await expect(attempt({ from: original.url, to: target.to })).rejects.toThrow(/is not what it was/);
  });

  it("takes a message without content for an empty one, where somebody has allowed that", async () => {
    const [original, target] = [await openOriginal(), await openTarget()];
    await original.knex.raw("alter table message modify content longblob null");
    await original.knex.raw("update message set content = null where id in (24, 25)");
    expect(await attempt({ from: original.url, to: target.to })).toBe("imported");
    expect((await readChat(target, ["3"], [])).inboxes["3"]?.[0]).toBe("1 3 → group 5 @2 10:00:05: ");
  });

  it.each([
    ["has changed", "update message set content = 'jello' where id = 24"],
    ["is gone", "delete from message where id = 24"],
  ])("stops at a message that %s while it writes, where the source has no snapshots", async (_what, change) => {
    const [original, target] = [await openOriginal(), await openTarget()];
    await original.knex.raw("alter table message engine = MyISAM");
    const run = attempt({ from: original.url, to: target.to }, { database: target.after(6, change, original.knex) });
    await expect(run).rejects.toThrow(
      /^the message with the row id 24 is not what it was when this import began: .*import into a new target$/,
    );
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
});
