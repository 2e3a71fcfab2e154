/// <reference path="./knex-internals.d.ts" />
import type { Knex } from "knex";
import SqliteTransaction from "knex/lib/dialects/sqlite3/execution/sqlite-transaction.js";
import SqliteDialect from "knex/lib/dialects/sqlite3/index.js";
import { describe } from "../../../core/model.js";
import { SqliteConnection, type Synchronous } from "./sqlite-connection.js";
import { loadSqliteDriver, type SqliteDriver, type SqliteDriverName, type SqliteValue } from "./sqlite-driver.js";

/** What knex hands over to run. */
interface KnexQuery {
  readonly sql: string;
  readonly method?: string;
  readonly returning?: unknown;
  readonly bindings?: readonly unknown[];
  response?: unknown;
  context?: { readonly lastID: number; readonly changes: number };
}

interface FileSettings {
  readonly filename: string;
  readonly synchronous?: Synchronous;
  readonly driver?: SqliteDriverName;
}

/** What of knex's methods changes rows and gives none back, unless `returning` asks for them. */
const WRITES: ReadonlySet<string | undefined> = new Set(["insert", "update", "del", "counter"]);

const PRIMITIVES: ReadonlySet<string> = new Set(["string", "number", "bigint"]);

/** Takes the lock for writing at once: a transaction that reads first could never get it once another one has written. */
class ImmediateTransaction extends SqliteTransaction {
  override begin(connection: unknown): Promise<unknown> {
    return this.query(connection, "BEGIN IMMEDIATE;");
  }
}

/** knex's dialect of SQLite over whichever synchronous driver there is. */
class EmbeddedSqliteClient extends SqliteDialect {
  _driver(): SqliteDriver {
    return loadSqliteDriver((this.connectionSettings as FileSettings).driver ?? "sqlite");
  }

  /** knex's own prints that a package is missing, and puts our error into words of its own. */
  override initializeDriver(): void {
    this.driver = this._driver();
  }

  override transaction(...args: unknown[]): Knex.Transaction {
    // knex's own type of a transaction is what its builder makes of this object.
    return new ImmediateTransaction(this, ...args) as unknown as Knex.Transaction;
  }

  override async acquireRawConnection(): Promise<SqliteConnection> {
    const { filename, synchronous = "FULL" } = this.connectionSettings as FileSettings;
    return SqliteConnection.open(this._driver(), filename, synchronous);
  }

  override async destroyRawConnection(connection: SqliteConnection): Promise<void> {
    connection.close();
  }

  /** Several connections, so that a rule of the application can read while its transaction is open. */
  override poolDefaults() {
    return { ...super.poolDefaults(), min: 0, max: 4 };
  }

  /**
   * The driver is synchronous, and promises alone never leave the turn of the event loop: without this a queue of calls would
   * run to its end before any timer or socket has its turn.
   */
  override async releaseConnection(connection: SqliteConnection): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await super.releaseConnection(connection);
  }

  async _query(connection: SqliteConnection, query: KnexQuery): Promise<KnexQuery> {
    const reads = !WRITES.has(query.method) || query.returning !== undefined;
    try {
      const values = (query.bindings ?? []).map(sqliteValueOf);
      const { rows, changes, lastId } = connection.execute(query.sql, values, reads);
      query.response = rows;
      query.context = { lastID: lastId, changes };
      return query;
    } catch (error) {
      // knex takes a transaction whose COMMIT failed for done, and would give the connection to the next one.
      if (/^commit/i.test(query.sql)) connection.abandonTransaction();
      throw error;
    }
  }
}

/**
 * A value as SQLite has it. The drivers would take an object in the first place for a list of named values, drop it, and give
 * every later value to the place before it.
 */
function sqliteValueOf(value: unknown): SqliteValue {
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Date) return value.getTime();
  if (value === null || value instanceof Uint8Array || PRIMITIVES.has(typeof value)) return value as SqliteValue;
  throw new TypeError(`SQLite stores text, numbers, bytes and null, got ${describe(value)}: convert it first`);
}

/**
 * For an application's own knex on the file the chat is in: `knex({ client: sqliteClient, connection: { filename },
 * useNullAsDefault: true })`. It needs no compiler, opens a write-ahead log, and its transactions take the lock for writing at
 * once. A Date is stored as ms since 1970, a boolean as 1 or 0. While somebody else writes, a transaction fails with SQLITE_BUSY
 * ("database is locked"): run it again.
 */
export const sqliteClient: typeof Knex.Client = EmbeddedSqliteClient;
