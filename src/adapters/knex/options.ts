import type { Knex } from "knex";
import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";
import { clientOf, fileOf, knexProblems } from "./application-knex.js";
import type { ServerConnection } from "./server-connection.js";
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

/** Options of `knexStorage` that do not depend on the database. */
interface CommonOptions {
  /**
   * Whether `start` brings the schema up to date. Default true. With false it refuses an older database, and `migrate()` or
   * `npx shyim migrate` is yours to call.
   */
  readonly migrate?: boolean;
}

/** A database in one file. */
export interface SqliteStorageOptions extends CommonOptions {
  /**
   * `sqlite`: Node's own SQLite from 22.13 on, before that the package `@photostructure/sqlite`, neither of which needs a
   * compiler. `better-sqlite3`: that package, to be installed by you.
   */
  readonly client: "sqlite" | "better-sqlite3";
  readonly connection: SqliteFile;
  readonly pool?: never;
  readonly knex?: never;
}

/** A database server, which any number of processes may share. */
export interface ServerStorageOptions extends CommonOptions {
  /** `mysql2` for MariaDB and MySQL, `pg` for PostgreSQL: that package, to be installed by you. */
  readonly client: "mysql2" | "pg";
  /** Where it is: a URL such as `mysql://user:password@host:3306/chat`, or what the package takes (`host`, `user`, `ssl` …). */
  readonly connection: ServerConnection;
  /** `max`: most connections of this process, 1 to 1,000. Default 10. */
  readonly pool?: { readonly max?: number };
  readonly knex?: never;
}

/** The database an application's own knex is on. */
export interface KnexInstanceOptions extends CommonOptions {
  /**
   * A knex of yours with the client `mysql2`, `pg` or `sqliteClient`. The storage takes over how it connects and opens
   * connections of its own, on a server as many again as yours may have at most: what it sets on them never reaches yours, and yours
   * cannot be used up. Your pool's `afterCreate` is run on its connections, too, before its own settings. `close` leaves your
   * knex open.
   */
  readonly knex: Knex;
  readonly client?: never;
  readonly connection?: never;
  readonly pool?: never;
}

/** Options of `knexStorage`. */
export type KnexStorageOptions = SqliteStorageOptions | ServerStorageOptions | KnexInstanceOptions;

const FILE_CLIENTS: readonly unknown[] = ["sqlite", "better-sqlite3"] satisfies SqliteStorageOptions["client"][];
const SERVER_CLIENTS: readonly unknown[] = ["mysql2", "pg"] satisfies ServerStorageOptions["client"][];
const SYNCHRONOUS: readonly unknown[] = [undefined, "FULL", "NORMAL"];
const MAX_POOL = 1_000;

/** Whether the options name a database server. */
export function isServer(options: SqliteStorageOptions | ServerStorageOptions): options is ServerStorageOptions {
  return SERVER_CLIENTS.includes(options.client);
}

/** Errors: one `invalid_argument` that lists every problem. */
export function assertOptions(options: KnexStorageOptions): void {
  const { migrate, ...database } = Object(options) as Readonly<Record<string, unknown>>;
  const problems = [
    ...(takesKnex(database) ? instanceProblems(database) : databaseProblems(database)),
    ...problem(migrate === undefined || typeof migrate === "boolean", "migrate", "expected true or false", migrate),
  ];
  if (problems.length === 0) return;
  const message = `knexStorage: the options are not valid\n${problems.map((each) => `  - ${each}`).join("\n")}`;
  throw new ImError("invalid_argument", { message });
}

/** A variable that was meant to hold a knex and holds none is told as that. */
function takesKnex(options: Readonly<Record<string, unknown>>): boolean {
  const isAlone = options.client === undefined && options.connection === undefined;
  return options.knex !== undefined || ("knex" in options && isAlone);
}

function instanceProblems({ knex, ...others }: Readonly<Record<string, unknown>>): string[] {
  const beside = Object.keys(others).map(
    (name) => `${name}: there is no such option beside knex, whose settings are taken`,
  );
  const problems = knexProblems(knex);
  const isFile = problems.length === 0 && clientOf(knex as Knex) === "sqlite";
  return [...problems, ...(isFile ? knexFileProblems(knex as Knex) : []), ...beside];
}

function knexFileProblems(knex: Knex): string[] {
  const { filename, synchronous } = fileOf(knex);
  return fileProblems({ filename, synchronous }, {}).map((each) => `knex: ${each}`);
}

function databaseProblems({ knex: _, client, connection, ...others }: Readonly<Record<string, unknown>>): string[] {
  const isKnown = [...FILE_CLIENTS, ...SERVER_CLIENTS].includes(client);
  return [
    ...problem(isKnown, "client", 'expected "sqlite", "better-sqlite3", "mysql2" or "pg"', client),
    ...(SERVER_CLIENTS.includes(client)
      ? [...protocolProblems(client, connection), ...serverProblems(connection, others)]
      : fileProblems(connection, others)),
  ];
}

function fileProblems(connection: unknown, others: object): string[] {
  const { filename, synchronous, ...rest } = Object(connection) as Partial<SqliteFile>;
  return [
    ...problem(isFilename(filename), "connection.filename", filenameRule(filename), filename),
    ...problem(SYNCHRONOUS.includes(synchronous), "connection.synchronous", 'expected "FULL" or "NORMAL"', synchronous),
    ...unknownNames(others, ""),
    ...unknownNames(rest, "connection."),
  ];
}

const PROTOCOLS: Readonly<Record<string, readonly string[]>> = {
  mysql2: ["mysql:", "mariadb:"],
  pg: ["postgres:", "postgresql:"],
};

/** With another server's protocol the two would wait for each other, or talk past each other. */
function protocolProblems(client: unknown, connection: unknown): string[] {
  const expected = PROTOCOLS[String(client)] ?? [];
  if (typeof connection !== "string" || !URL.canParse(connection)) return [];
  const { protocol } = new URL(connection);
  if (expected.includes(protocol)) return [];
  return [`connection: expected a URL that begins with ${expected.join("// or ")}// for ${client}, got ${protocol}//`];
}

/** The connection may hold a password: nothing of it is repeated. */
function serverProblems(connection: unknown, { pool, ...others }: Readonly<Record<string, unknown>>): string[] {
  const { max, ...rest } = Object(pool) as { readonly max?: unknown };
  const isUrl = typeof connection === "string" && URL.canParse(connection);
  const isConnection = isUrl || (typeof connection === "object" && connection !== null);
  const isMax = max === undefined || (Number.isInteger(max) && Number(max) >= 1 && Number(max) <= MAX_POOL);
  return [
    ...(isConnection ? [] : ["connection: expected a URL such as mysql://user:password@host:3306/chat, or an object"]),
    ...problem(pool === undefined || typeof pool === "object", "pool", "expected { max }", pool),
    ...problem(isMax, "pool.max", `expected an integer from 1 to ${MAX_POOL}`, max),
    ...unknownNames(others, ""),
    ...unknownNames(rest, "pool."),
  ];
}

function unknownNames(others: object, path: string): string[] {
  return Object.keys(others).map((name) => `${path}${name}: there is no such option`);
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
