import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Storage } from "../../src/adapters/contracts/index.js";
import { SqlitePlace } from "../adapters/knex/sqlite-place.js";
import { putBack } from "./sqlite-file.js";
import { upTo } from "./stage.js";

/** Stores `count` messages to Ada, under the ids from `first` on. */
async function store(storage: Storage, first: number, count: number): Promise<void> {
  const batch = upTo(count).map((n) => ({
    messageId: (first + n).toString(16).padStart(32, "0"),
    afterId: null,
    senderId: null,
    target: { kind: "single", id: "ada" } as const,
    type: 1,
    content: Buffer.from(`message ${first + n}`),
    clientTime: 0,
    serverTime: 1,
    syncEpoch: null,
    refuse: null,
  }));
  expect((await storage.messages.commit(batch)).outcomes.length).toBe(count);
}

/** Everything unreachable is collected, and what that sets off has happened. */
async function collectGarbage(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it("I17: a closed storage has given its file back: one file is left, and a copy put in its place stays what it was", async () => {
  const place = await SqlitePlace.create();
  onTestFinished(() => place.remove());
  const copy = join(place.folder, "copy.db");
  const storage = place.storage();
  await storage.start();
  await store(storage, 0, 50);
  await storage.backUp(copy);
  await store(storage, 50, 50);
  await storage.close();
  expect((await readdir(place.folder)).sort()).toEqual(["chat.db", "copy.db"]);

  await putBack(copy, place.filename);
  await collectGarbage();
  const restored = place.storage();
  await restored.start();
  const page = await restored.messages.readInbox("ada", 0, { maxItems: 1_000, maxBytes: 1_000_000 });
  await restored.close();
  expect(page.headSeq).toBe(50);
  expect(page.items.length).toBe(50);
});
