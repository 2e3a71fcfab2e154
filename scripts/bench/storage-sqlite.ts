import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import createKnex, { type Knex } from "knex";
import { type KnexStorage, knexStorage, type Synchronous, sqliteClient } from "../../src/adapters/knex/index.js";
import type { BenchSettings } from "./bench-settings.js";
import type { BenchPlace, BenchTarget } from "./storage-place.js";
import type { Durability } from "./storage-report.js";
import type { Undo } from "./undo.js";

const WORDS = { messageId: "cast(printf('%016d', n) as blob)", content: "zeroblob(200)" };
/** What `pragma synchronous` answers with a number. */
const SYNCHRONOUS = ["OFF", "NORMAL", "FULL", "EXTRA"];

/** SQLite in a file of its own, through its write-ahead log. */
export function sqliteTarget(name: string, synchronous: Synchronous): BenchTarget {
  return { name, open: (settings, undo) => openSqlite(synchronous, settings, undo) };
}

async function openSqlite(synchronous: Synchronous, { folder }: BenchSettings, undo: Undo): Promise<BenchPlace> {
  const place = await mkdtemp(join(folder, "shyim-bench-"));
  undo.add(() => rm(place, { recursive: true }));
  const connection = { filename: join(place, "chat.db"), synchronous };
  const storage = knexStorage({ client: "sqlite", connection });
  undo.add(() => storage.close());
  await storage.start();
  // Beside the storage: it is no part of what is measured.
  const knex = createKnex({ client: sqliteClient, connection, useNullAsDefault: true, pool: { min: 0, max: 1 } });
  undo.add(() => knex.destroy());
  return {
    version: `SQLite ${await ask(knex, "select sqlite_version()")}`,
    server: "file",
    storage,
    readDurability: () => readDurability(knex),
    words: WORDS,
    execute: async (sql) => void (await knex.raw(sql)),
    fileBytes: () => bytesOf(connection.filename, storage, knex),
  };
}

async function readDurability(knex: Knex): Promise<Durability> {
  const synchronous = SYNCHRONOUS[Number(await ask(knex, "pragma synchronous"))] ?? "unknown";
  const journal_mode = await ask(knex, "pragma journal_mode");
  return { durable: synchronous === "FULL" || synchronous === "EXTRA", settings: { synchronous, journal_mode } };
}

/** The last connection that closes writes the log into the file. */
async function bytesOf(filename: string, storage: KnexStorage, knex: Knex): Promise<number> {
  await ask(knex, "pragma wal_checkpoint(truncate)");
  await storage.close();
  const { size } = await stat(filename);
  await storage.start();
  return size;
}

async function ask(knex: Knex, sql: string): Promise<string> {
  const [row] = (await knex.raw(sql)) as object[];
  return String(Object.values(row ?? {})[0]);
}
