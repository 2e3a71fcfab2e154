import type { Knex } from "knex";
import { describe } from "../../core/model.js";
import type { AfterCreate, ServerSettings } from "./server-settings.js";
import { sqliteClient } from "./sqlite/sqlite-client.js";

/** The clients of knex whose settings can be taken over. */
export type ApplicationClient = "mysql2" | "pg" | "sqlite";

/** What is read of a knex. Its package may be another copy than ours, so nothing here asks for a class but our own. */
interface KnexClient {
  readonly driverName?: unknown;
  readonly config: KnexConfig;
}

interface KnexConfig {
  readonly client?: unknown;
  readonly connection?: unknown;
  readonly pool?: PoolSettings;
  readonly searchPath?: string | readonly string[];
  readonly acquireConnectionTimeout?: number;
}

/** Of a pool's settings, what has a meaning for the pool of a storage. */
interface PoolSettings {
  readonly max?: number;
  readonly acquireTimeoutMillis?: number;
  readonly maxConnectionLifetimeMillis?: number;
  readonly maxConnectionLifetimeJitterMillis?: number;
  readonly afterCreate?: AfterCreate;
}

const SUPPORTED = '"mysql2", "pg" or sqliteClient (of shyim/adapters/knex)';

/** What stands in the way of taking over the settings of `knex`; nothing of its connection is repeated. */
export function knexProblems(knex: unknown): string[] {
  const client = clientIn(knex);
  if (client === null) return [`knex: expected what knex({ client, connection }) gives, got ${received(knex)}`];
  const name = clientName(client);
  if (name === null) return [`knex: expected a client ${SUPPORTED}, got ${describe(client.driverName)}${why(client)}`];
  if (client.config.connection) return [];
  return [
    "knex: it has no `connection` to take over (a `connectionPool` of yours cannot be): give client and connection",
  ];
}

/** Which client a knex has; null for one that is none of ours. */
export function clientOf(knex: Knex): ApplicationClient | null {
  const client = clientIn(knex);
  return client === null ? null : clientName(client);
}

/** The file of a knex with our client of SQLite, as its settings have it. */
export function fileOf(knex: Knex): Readonly<Record<string, unknown>> {
  return copyOf(configOf(knex).connection);
}

/** How a knex connects to its server. */
export function serverOf(knex: Knex, client: "mysql2" | "pg"): ServerSettings {
  const config = configOf(knex);
  const pool = config.pool ?? {};
  return {
    client,
    connection: connectionOf(config.connection),
    max: pool.max,
    maxConnectionLifetimeMillis: pool.maxConnectionLifetimeMillis,
    maxConnectionLifetimeJitterMillis: pool.maxConnectionLifetimeJitterMillis,
    acquireConnectionTimeout: config.acquireConnectionTimeout ?? pool.acquireTimeoutMillis,
    afterCreate: pool.afterCreate,
    searchPath: config.searchPath,
    // A class of the application's own may connect in a way of its own.
    clientClass: typeof config.client === "function" ? (config.client as typeof Knex.Client) : undefined,
  };
}

function clientIn(knex: unknown): KnexClient | null {
  if (typeof knex !== "function" || isTransaction(knex)) return null;
  const { client } = knex as { readonly client?: Partial<KnexClient> };
  return typeof client?.config === "object" && client.config !== null ? (client as KnexClient) : null;
}

function configOf(knex: Knex): KnexConfig {
  return (knex.client as KnexClient).config;
}

function clientName(client: KnexClient): ApplicationClient | null {
  if (isOurs(client)) return "sqlite";
  return client.driverName === "mysql2" || client.driverName === "pg" ? client.driverName : null;
}

/** The ES module and the CommonJS one of this package have a class each, hence the name. */
function isOurs(client: object): boolean {
  if (client instanceof sqliteClient) return true;
  for (let of = Object.getPrototypeOf(client); of !== null; of = Object.getPrototypeOf(of)) {
    if (of.constructor?.name === sqliteClient.name) return true;
  }
  return false;
}

function why({ driverName }: KnexClient): string {
  if (driverName !== "better-sqlite3" && driverName !== "sqlite3") return "";
  return ", whose driver waits for locks, also for those the storage holds in this process: make it with `client: sqliteClient`";
}

function isTransaction(knex: object): boolean {
  return (knex as Partial<Knex.Transaction>).isTransaction === true;
}

function received(knex: unknown): string {
  if (typeof knex !== "function") return describe(knex);
  if (isTransaction(knex)) return "a transaction";
  return "Client" in knex ? "the function knex itself, which has to be called first" : describe(knex);
}

/** Settings, or a function that gives them: it is asked again as knex asks it, for credentials that expire. */
function connectionOf(connection: unknown): ServerSettings["connection"] {
  if (typeof connection !== "function") return copyOf(connection);
  return async () => {
    const settings: unknown = await connection();
    return typeof settings === "string" ? settings : copyOf(settings);
  };
}

/** With what is not enumerable: there knex hides the password from logs. */
function copyOf(settings: unknown): Readonly<Record<string, unknown>> {
  const source = Object(settings) as Record<string, unknown>;
  return Object.fromEntries(Object.getOwnPropertyNames(source).map((name) => [name, source[name]]));
}
