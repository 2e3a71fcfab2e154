import type { Knex } from "knex";
import type { Dialect } from "./dialect.js";
import { mysqlDialect } from "./dialects/mysql-dialect.js";
import { postgresDialect } from "./dialects/postgres-dialect.js";
import { sqliteDialect } from "./dialects/sqlite-dialect.js";
import { isServer, type KnexStorageOptions, type ServerStorageOptions, type SqliteStorageOptions } from "./options.js";
import { sqliteClient } from "./sqlite/sqlite-client.js";

/** What knex is told of a database, and what is to be known of it besides. */
export interface Setup {
  readonly config: Knex.Config;
  readonly dialect: Dialect;
  /** Where it is, for errors; without a password. */
  readonly place: string;
  /** What to look at when it cannot be opened. */
  readonly advice: string;
}

/** Most connections of one process to a server. */
const DEFAULT_POOL_MAX = 10;
/** PostgreSQL's number of the type bigint. */
const BIGINT = 20;

/** What the options mean. */
export function setupOf(options: KnexStorageOptions): Setup {
  return isServer(options) ? serverSetup(options) : fileSetup(options);
}

function fileSetup({ client, connection: { filename, synchronous = "FULL" } }: SqliteStorageOptions): Setup {
  const connection = { filename, synchronous, driver: client };
  // One connection: transactions of this process stand in line instead of meeting each other's locks.
  const pool = { min: 0, max: 1 };
  return {
    config: { client: sqliteClient, connection, pool, useNullAsDefault: true },
    dialect: sqliteDialect,
    place: filename,
    advice: "Does its folder exist, may this process write there, and is it a SQLite file?",
  };
}

function serverSetup({ client, connection, pool }: ServerStorageOptions): Setup {
  const dialect = client === "pg" ? postgresDialect : mysqlDialect;
  const afterCreate = (raw: RawConnection, done: (error: unknown, raw: RawConnection) => void): void => {
    // A bigint is a safe integer here: everything that is written is checked to be one.
    raw.setTypeParser?.(BIGINT, "text", Number);
    prepare(raw, dialect.session, (error) => done(error, raw));
  };
  return {
    config: {
      client,
      connection: client === "pg" ? postgresConnection(connection) : mysqlConnection(connection),
      pool: { min: 0, max: pool?.max ?? DEFAULT_POOL_MAX, afterCreate },
    },
    dialect,
    place: placeOf(client, connection),
    advice: "Does it run there, may this user connect, and does the database exist?",
  };
}

/** A connection of either package, as far as it is used here. */
interface RawConnection {
  query(sql: string, done: (error: unknown) => void): void;
  /** Of `pg`, which gives a bigint as text otherwise. */
  setTypeParser?(type: number, format: "text", parse: (text: string) => unknown): void;
}

function prepare(raw: RawConnection, [sql, ...rest]: readonly string[], done: (error: unknown) => void): void {
  if (sql === undefined) return done(null);
  raw.query(sql, (error) => (error ? done(error) : prepare(raw, rest, done)));
}

function postgresConnection(connection: ServerStorageOptions["connection"]): object {
  return typeof connection === "string" ? { connectionString: connection } : { ...connection };
}

function mysqlConnection(connection: ServerStorageOptions["connection"]): object {
  const given = typeof connection === "string" ? { uri: connection } : connection;
  return { ...given, charset: "utf8mb4", supportBigNumbers: true };
}

function placeOf(client: string, connection: ServerStorageOptions["connection"]): string {
  if (typeof connection !== "string") return `the ${client} database on ${String(connection.host ?? "localhost")}`;
  const { host, pathname } = new URL(connection);
  return `the ${client} database ${host}${pathname}`;
}
