import { promisify } from "node:util";
import type { Knex } from "knex";
import type { Setup } from "./database-setup.js";
import { mysqlDialect } from "./dialects/mysql-dialect.js";
import { postgresDialect } from "./dialects/postgres-dialect.js";
import { mysqlConnection, postgresConnection } from "./server-connection.js";
import type { AfterCreate, RawConnection, ServerSettings } from "./server-settings.js";

/** Most connections of one process to a server. */
const DEFAULT_POOL_MAX = 10;
/** So long somebody waits for a connection, a new one or one that others use, ms. */
const ACQUIRE_TIMEOUT_MS = 10_000;
/** An idle connection is given back after so long, ms: before MySQL closes it, which ours are told to do after 30 s. */
const IDLE_TIMEOUT_MS = 20_000;
/** PostgreSQL's number of the type bigint. */
const BIGINT = 20;

/** A pool of the storage's own on a server. */
export function serverSetup(settings: ServerSettings): Setup {
  const { client, connection, clientClass, searchPath } = settings;
  const acquireConnectionTimeout = settings.acquireConnectionTimeout ?? ACQUIRE_TIMEOUT_MS;
  return {
    config: {
      client: clientClass ?? client,
      connection: adapted(client, connection),
      pool: poolOf(settings, acquireConnectionTimeout),
      acquireConnectionTimeout,
      ...(searchPath !== undefined && { searchPath }),
    },
    dialect: dialectOf(client),
    client,
    place: placeOf(client, connection),
    advice: "Does it run there, may this user connect, and does the database exist?",
  };
}

function dialectOf(client: ServerSettings["client"]) {
  return client === "pg" ? postgresDialect : mysqlDialect;
}

function adapted(client: ServerSettings["client"], connection: ServerSettings["connection"]) {
  const adapt = client === "pg" ? postgresConnection : mysqlConnection;
  return typeof connection === "function" ? async () => adapt(await connection()) : adapt(connection);
}

function poolOf(settings: ServerSettings, createTimeoutMillis: number): Knex.PoolConfig {
  // 0: a connection lives as long as it is used.
  const { maxConnectionLifetimeMillis = 0, maxConnectionLifetimeJitterMillis = 0 } = settings;
  return {
    min: 0,
    max: settings.max || DEFAULT_POOL_MAX,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    createTimeoutMillis,
    maxConnectionLifetimeMillis,
    maxConnectionLifetimeJitterMillis,
    afterCreate: preparation(dialectOf(settings.client).session, settings.afterCreate),
  };
}

function preparation(session: readonly string[], before: AfterCreate | undefined): AfterCreate {
  return (raw, done) => {
    const failed = (error: unknown): void => {
      // Nobody else would close a connection that never came into the pool.
      raw.end(() => {});
      done(error);
    };
    prepare(raw, session, before).then(() => done(null, raw), failed);
  };
}

async function prepare(raw: RawConnection, session: readonly string[], before?: AfterCreate): Promise<void> {
  if (before !== undefined) await promisify(before)(raw);
  // A bigint is a safe integer here: everything that is written is checked to be one.
  raw.setTypeParser?.(BIGINT, "text", Number);
  for (const sql of session) await promisify(raw.query).call(raw, sql);
}

function placeOf(client: string, connection: ServerSettings["connection"]): string {
  if (typeof connection === "function") return `the ${client} database of the given knex`;
  const { connectionString, uri, host, database } = Object(connection) as Record<string, unknown>;
  const url = [connection, connectionString, uri].find((each) => typeof each === "string");
  if (typeof url === "string" && URL.canParse(url)) return `the ${client} database ${withoutUser(new URL(url))}`;
  return `the ${client} database ${String(host ?? "localhost")}/${String(database ?? "")}`;
}

function withoutUser({ host, pathname }: URL): string {
  return `${host}${pathname}`;
}
