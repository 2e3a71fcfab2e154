import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";
import type { Synchronous } from "./sqlite/sqlite-connection.js";

/** Where a SQLite database is. */
export interface SqliteFile {
  /** Path of the file; made when it is missing. Two more files appear beside it while it is open (`-wal`, `-shm`). */
  readonly filename: string;
  /**
   * When a commit is on the disk. `FULL` (default): before it is answered, so an acknowledged message survives a power cut.
   * `NORMAL`: it survives the end of the process, but a power cut may take the last moments. See docs/storage.md.
   */
  readonly synchronous?: Synchronous;
}

/** Options of `knexStorage`. */
export interface KnexStorageOptions {
  /**
   * `sqlite`: Node's own SQLite from 22.13 on, before that the package `@photostructure/sqlite`, neither of which needs a
   * compiler. `better-sqlite3`: that package, to be installed by you.
   */
  readonly client: "sqlite" | "better-sqlite3";
  readonly connection: SqliteFile;
  /**
   * Whether `start` brings the schema up to date. Default true. With false it refuses an older database, and `migrate()` or
   * `npx shyim migrate` is yours to call.
   */
  readonly migrate?: boolean;
}

const CLIENTS: readonly unknown[] = ["sqlite", "better-sqlite3"] satisfies KnexStorageOptions["client"][];
const SYNCHRONOUS: readonly unknown[] = [undefined, "FULL", "NORMAL"];

/** Errors: one `invalid_argument` that lists every problem. */
export function assertOptions(options: KnexStorageOptions): void {
  const { client, connection, migrate, ...others } = Object(options) as Partial<KnexStorageOptions>;
  const { filename, synchronous, ...rest } = Object(connection) as Partial<SqliteFile>;
  const problems = [
    ...problem(CLIENTS.includes(client), "client", 'expected "sqlite" or "better-sqlite3"', client),
    ...problem(isFilename(filename), "connection.filename", filenameRule(filename), filename),
    ...problem(SYNCHRONOUS.includes(synchronous), "connection.synchronous", 'expected "FULL" or "NORMAL"', synchronous),
    ...problem(migrate === undefined || typeof migrate === "boolean", "migrate", "expected true or false", migrate),
    ...Object.keys(others).map((name) => `${name}: there is no such option`),
    ...Object.keys(rest).map((name) => `connection.${name}: there is no such option`),
  ];
  if (problems.length === 0) return;
  const message = `knexStorage: the options are not valid\n${problems.map((each) => `  - ${each}`).join("\n")}`;
  throw new ImError("invalid_argument", { message });
}

function problem(isFine: boolean, path: string, rule: string, received: unknown): string[] {
  return isFine ? [] : [`${path}: ${rule}, got ${describe(received)}`];
}

function isFilename(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !value.includes("\0") && !isMemory(value);
}

/** SQLite's names for a database without a file: each connection would have one of its own. */
function isMemory(filename: unknown): boolean {
  return typeof filename === "string" && /^(:memory:|file:)/.test(filename);
}

function filenameRule(filename: unknown): string {
  return isMemory(filename)
    ? "expected the path of a file (for a database in memory leave `storage` out)"
    : "expected the path of a file";
}
