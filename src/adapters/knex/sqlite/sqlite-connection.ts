import { ImError } from "../../../core/errors.js";
import type { SqliteDriver, SqliteHandle, SqliteStatement, SqliteValue } from "./sqlite-driver.js";

/**
 * Compiled statements are kept per connection up to so many characters of SQL in all. A batch of another size is another
 * statement, and a compiled one takes about a hundred bytes a character: some 12 MiB.
 */
const MAX_STATEMENT_CHARS = 131_072;

/** Pages of 4 KiB kept in memory: 16 MiB, enough for the upper levels of every index of some million messages. */
const CACHE_KIB = 16 * 1024;

/**
 * Pages of 4 KiB after which the log is brought into the file: 16 MiB. A page that many commits change is then written once
 * instead of four times, which made batches of 64 an eighth faster; a larger log gained nothing more.
 */
const CHECKPOINT_PAGES = 4_000;

/** When a commit is on the disk: `FULL` before it answers, `NORMAL` at the next checkpoint. See docs/storage.md. */
export type Synchronous = "FULL" | "NORMAL";

/** What a statement gave. */
export interface SqliteResult {
  readonly rows: unknown[];
  readonly changes: number;
  readonly lastId: number;
}

/** One open file with its compiled statements. */
export class SqliteConnection {
  readonly #handle: SqliteHandle;
  readonly #statements = new Map<string, SqliteStatement>();
  #statementChars = 0;

  private constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  /**
   * Opens `filename` with a write-ahead log and without waiting for locks: a wait inside a synchronous driver would freeze
   * the process, so who meets a lock tries again by a timer.
   * Errors: the driver's; `operation_failed` where the file system has no shared memory for the log.
   */
  static open(driver: SqliteDriver, filename: string, synchronous: Synchronous): SqliteConnection {
    const handle = driver(filename);
    try {
      const connection = new SqliteConnection(handle);
      connection.#prepareFile(filename, synchronous);
      return connection;
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  /** Runs one statement. `reads`: rows are wanted; otherwise the number of changed rows. */
  execute(sql: string, values: readonly SqliteValue[], reads: boolean): SqliteResult {
    const statement = this.#statement(sql);
    if (reads && statement.reader !== false) {
      // Some drivers give rows without a prototype; an application expects plain objects.
      const rows = statement.all(...values).map((row) => ({ ...(row as object) }));
      return { rows, changes: 0, lastId: 0 };
    }
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], changes: Number(changes), lastId: Number(lastInsertRowid) };
  }

  /** Ends a transaction whose COMMIT failed and left it open. Silent when there is none. */
  abandonTransaction(): void {
    try {
      this.#handle.exec("rollback");
    } catch {
      // There was none: the failure had ended it.
    }
  }

  close(): void {
    this.#statements.clear();
    this.#statementChars = 0;
    this.#handle.close();
  }

  #prepareFile(filename: string, synchronous: Synchronous): void {
    this.#handle.exec("pragma busy_timeout = 0");
    const [mode] = this.execute("pragma journal_mode = wal", [], true).rows as { journal_mode: string }[];
    if (mode?.journal_mode !== "wal") {
      const message = `${filename} cannot have a write-ahead log (its journal mode stays "${mode?.journal_mode}"): put it on a local disk`;
      throw new ImError("operation_failed", { message });
    }
    this.#handle.exec(`pragma synchronous = ${synchronous === "NORMAL" ? "normal" : "full"}`);
    this.#handle.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    this.#handle.exec(`pragma cache_size = -${CACHE_KIB}`);
  }

  /** The least recently used ones make room. */
  #statement(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    const statement = known ?? this.#handle.prepare(sql);
    if (known === undefined) this.#statementChars += sql.length;
    else this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    for (const oldest of this.#statements.keys()) {
      if (this.#statementChars <= MAX_STATEMENT_CHARS || oldest === sql) break;
      this.#statements.delete(oldest);
      this.#statementChars -= oldest.length;
    }
    return statement;
  }
}
