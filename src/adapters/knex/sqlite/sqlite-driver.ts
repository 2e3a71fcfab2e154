import { createRequire } from "node:module";
import { ImError } from "../../../core/errors.js";

/** A value as SQLite takes it. */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** A compiled statement of any of the drivers. */
export interface SqliteStatement {
  /** Rows of what returns rows; `[]` for everything else. */
  all(...values: readonly SqliteValue[]): unknown[];
  /** For what changes rows and returns none. */
  run(...values: readonly SqliteValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  /** Only better-sqlite3 says it: whether there are rows to read. */
  readonly reader?: boolean;
}

/** An open file. Synchronous: a call returns when it is done. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  close(): void;
}

/** Opens a file. */
export type SqliteDriver = (filename: string) => SqliteHandle;

/** The names of what can serve as a driver. */
export type SqliteDriverName = "sqlite" | "better-sqlite3";

interface DatabaseModule {
  readonly DatabaseSync: new (filename: string) => SqliteHandle;
}

const load = createRequire(import.meta.url);

/**
 * Finds a driver: Node's own where there is one (22.13 and later), else `@photostructure/sqlite`, which has the same
 * calls and brings its binaries along. `better-sqlite3` only for those who ask for it.
 * Errors: `operation_failed` that names the package to install.
 */
export function loadSqliteDriver(name: SqliteDriverName): SqliteDriver {
  if (name === "better-sqlite3") return loadBetterSqlite3();
  const { name: found, module } = loadFirst(["node:sqlite", "@photostructure/sqlite"]);
  const { DatabaseSync } = module as DatabaseModule;
  const open: SqliteDriver = (filename) => new DatabaseSync(filename);
  return found === "node:sqlite" ? open : (filename) => withoutLogAtEnd(open(filename));
}

/**
 * @photostructure/sqlite 1.2 keeps a closed file open until its compiled statements are collected, and only then writes the
 * log into the file, or into whatever was put in its place meanwhile. So the log is written and given up before: what is
 * kept then holds no lock and has nothing left to write. Where somebody else has the file open, the log is theirs and stays.
 */
function withoutLogAtEnd(handle: SqliteHandle): SqliteHandle {
  return {
    prepare: (sql) => handle.prepare(sql),
    exec: (sql) => handle.exec(sql),
    close: () => {
      try {
        handle.exec("pragma journal_mode = delete");
      } catch {
        // Somebody else has it open, or it is no file of SQLite.
      }
      handle.close();
    },
  };
}

function loadBetterSqlite3(): SqliteDriver {
  const { module } = loadFirst(["better-sqlite3"]);
  const Database = module as new (filename: string, options: object) => SqliteHandle;
  // Its default makes the process wait, frozen, for a lock; ours is to try again later.
  return (filename) => new Database(filename, { timeout: 0 });
}

function loadFirst(names: readonly string[]): { readonly name: string; readonly module: unknown } {
  const failures: unknown[] = [];
  for (const name of names) {
    try {
      return { name, module: load(name) };
    } catch (error) {
      failures.push(error);
    }
  }
  throw new ImError("operation_failed", { message: installText(names.at(-1) as string), cause: failures.at(-1) });
}

function installText(name: string): string {
  const version = `this is Node ${process.versions.node}`;
  if (name === "better-sqlite3")
    return `client "better-sqlite3" needs its package: npm install better-sqlite3 (${version})`;
  return `SQLite needs Node 22.13 or later, or the package ${name}: npm install ${name} (${version})`;
}
