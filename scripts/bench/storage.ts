import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Uplink } from "../../src/adapters/contracts/index.js";
import { type KnexStorage, knexStorage, type Synchronous } from "../../src/adapters/knex/index.js";
import { UplinkMaker } from "../../src/testing/conformance/storage/uplink-maker.js";
import { SeededRandom } from "../../src/testing/fakes/random.js";
import { type BenchSettings, figure, ratePerSecond } from "./bench-settings.js";

const USERS = 1_000;
/** How many people each user writes to. */
const CONTACTS = 20;
const CONTENT_BYTES = 200;
const INBOX_ITEMS = 1_000_000;
const GROUP_MEMBERS = 1_000;

const random = new SeededRandom(1);
const uplinks = new UplinkMaker();
/** Made before, so that the storage is measured and not the making of random bytes. */
const CONTENTS = Array.from({ length: 256 }, () => random.bytes(CONTENT_BYTES));
const content = (): Uint8Array => random.pick(CONTENTS);
const userId = (number: number): string => `user-${(number % USERS) + 1}`;

/** From anybody to one of their contacts. */
function single(): Uplink {
  const sender = random.between(0, USERS - 1);
  const contact = sender + random.between(1, CONTACTS);
  return uplinks.make({ senderId: userId(sender), to: userId(contact), content: content() });
}

/** SQLite through the storage contract: commits, a page, the size of a message. */
export async function benchStorage(settings: BenchSettings): Promise<void> {
  const { say } = settings;
  for (const synchronous of ["FULL", "NORMAL"] as const) {
    await withFile(settings, synchronous, async (storage, filename) => {
      say(
        `\nSQLite, WAL, synchronous=${synchronous}; ${USERS} users with ${CONTACTS} contacts each, ${CONTENT_BYTES} bytes a message`,
      );
      await measureCommits(storage, settings);
      if (synchronous === "FULL") await measureSize(storage, filename, settings);
    });
  }
  await withFile(settings, "NORMAL", (storage) => measureGroup(storage, settings));
  await withFile(settings, "NORMAL", (storage) => measurePages(storage, settings));
}

async function withFile(
  { folder }: BenchSettings,
  synchronous: Synchronous,
  use: (storage: KnexStorage, filename: string) => Promise<void>,
): Promise<void> {
  const place = await mkdtemp(join(folder, "shyim-bench-"));
  const filename = join(place, "chat.db");
  const storage = knexStorage({ client: "sqlite", connection: { filename, synchronous } });
  try {
    await storage.start();
    await use(storage, filename);
  } finally {
    await storage.close();
    await rm(place, { recursive: true });
  }
}

async function measureCommits(storage: KnexStorage, { say, durationMs }: BenchSettings): Promise<void> {
  for (const size of [64, 1]) {
    const rate = await ratePerSecond(durationMs, async () => {
      return commit(storage, Array.from({ length: size }, single));
    });
    say(`  batches of ${String(size).padStart(2)}            ${figure(rate)} ACKed messages/s`);
  }
}

async function measureGroup(storage: KnexStorage, { say, durationMs }: BenchSettings): Promise<void> {
  say(`\nSQLite, WAL, synchronous=NORMAL; a group of ${GROUP_MEMBERS}`);
  const memberIds = Array.from({ length: GROUP_MEMBERS }, (_, index) => `member-${index}`);
  const { group } = await storage.groups.create({ name: "all", ownerId: "member-0", memberIds });
  const target = { kind: "group", id: group.id } as const;
  const rate = await ratePerSecond(durationMs, () => {
    return commit(storage, [uplinks.make({ senderId: "member-1", target, content: content() })]);
  });
  say(`  inbox rows               ${figure(rate * GROUP_MEMBERS)} /s`);
}

/** All of a batch must be stored; a bench of refusals would be fast and worthless. */
async function commit(storage: KnexStorage, batch: readonly Uplink[]): Promise<number> {
  const { outcomes } = await storage.messages.commit(batch);
  const stored = outcomes.filter((outcome) => outcome.kind === "stored" && outcome.fresh !== null).length;
  if (stored !== batch.length) throw new Error(`${batch.length} messages committed, ${stored} stored`);
  return stored;
}

async function measureSize(storage: KnexStorage, filename: string, { say }: BenchSettings): Promise<void> {
  const heads = (await storage.messages.readHeads(Array.from({ length: USERS }, (_, index) => userId(index)))).heads;
  const rows = [...heads.values()].reduce((sum, head) => sum + head, 0);
  await storage.close();
  const { size } = await stat(filename);
  await storage.start();
  say(`  the file                 ${figure(size / (rows / 2))} bytes a message (two inbox rows, ids of 8 characters)`);
}

async function measurePages(storage: KnexStorage, { say, durationMs }: BenchSettings): Promise<void> {
  say(`\nAn inbox of ${INBOX_ITEMS.toLocaleString("en")} items`);
  const begin = performance.now();
  for (let done = 0; done < INBOX_ITEMS; done += 64) {
    const batch = Array.from({ length: Math.min(64, INBOX_ITEMS - done) }, () => {
      return uplinks.make({ senderId: null, to: "bob", content: content() });
    });
    await commit(storage, batch);
  }
  const secondsTaken = (performance.now() - begin) / 1_000;
  say(`  filling it               ${figure(INBOX_ITEMS / secondsTaken)} messages/s over ${secondsTaken.toFixed(0)} s`);
  const rate = await ratePerSecond(durationMs, async () => {
    const after = random.between(0, INBOX_ITEMS - 50);
    const { items } = await storage.messages.readInbox("bob", after, { maxItems: 50, maxBytes: 262_144 });
    if (items.length !== 50) throw new Error(`a page of ${items.length} items after ${after}`);
    return 1;
  });
  say(`  pages of 50 anywhere     ${figure(rate)} /s`);
}
