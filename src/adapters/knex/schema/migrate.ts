import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import type { Database } from "../database.js";
import type { Dialect } from "../dialect.js";
import { newEpoch, readMeta, writeMeta } from "../meta.js";
import { assertCollations } from "./assert-collations.js";
import { MIGRATIONS, SCHEMA_VERSION } from "./migrations.js";

/** What a migration did. */
export interface Migration {
  /** Version found; 0 for a database without our tables. */
  readonly from: number;
  /** Version now. */
  readonly to: number;
}

/** The version a database has; 0 without our tables. */
export async function readSchemaVersion(db: Knex): Promise<number> {
  if (!(await db.schema.hasTable("shyim_meta"))) return 0;
  return Number((await readMeta(db, "schema_version")) ?? 0);
}

/**
 * Brings a database to the version of this code, in one transaction: whoever comes second finds it done.
 * Errors: `operation_failed` when the database is newer than this code, or compares text in another way than it needs.
 */
export function migrate(database: Database): Promise<Migration> {
  const { dialect } = database;
  return database.transaction((trx) => dialect.withSchemaLock(trx, () => migrateLocked(trx, dialect)));
}

async function migrateLocked(trx: Knex.Transaction, dialect: Dialect): Promise<Migration> {
  const from = await readSchemaVersion(trx);
  assertNotNewer(from);
  await assertCollations(trx, dialect);
  if (from < SCHEMA_VERSION) await runMigrations(trx, dialect, from);
  return { from, to: SCHEMA_VERSION };
}

/**
 * For who migrates by hand.
 * Errors: `operation_failed` when the database is older or newer than this code, or compares text in another way than it needs.
 */
export async function assertMigrated(database: Database): Promise<void> {
  const version = await database.read(readSchemaVersion);
  assertNotNewer(version);
  if (version === SCHEMA_VERSION) return database.read((db) => assertCollations(db, database.dialect));
  const message = `the database has schema version ${version}, this shyim needs ${SCHEMA_VERSION}: run \`npx shyim migrate\` first`;
  throw new ImError("operation_failed", { message });
}

async function runMigrations(trx: Knex, dialect: Dialect, from: number): Promise<void> {
  const types = await dialect.typesOf(trx);
  for (const statements of MIGRATIONS.slice(from)) {
    for (const statement of statements(types)) await dialect.define(trx, statement);
  }
  if ((await readMeta(trx, "sync_epoch")) === undefined) await writeMeta(trx, "sync_epoch", newEpoch());
  await writeMeta(trx, "schema_version", String(SCHEMA_VERSION));
}

function assertNotNewer(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  const message =
    `the database has schema version ${version}, this shyim knows versions up to ${SCHEMA_VERSION}: ` +
    "a newer shyim has migrated it, so run that one (nothing was changed)";
  throw new ImError("operation_failed", { message });
}
