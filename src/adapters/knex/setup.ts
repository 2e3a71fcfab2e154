import type { Knex } from "knex";
import { clientOf, fileOf, serverOf } from "./application-knex.js";
import type { Setup } from "./database-setup.js";
import { sqliteDialect } from "./dialects/sqlite-dialect.js";
import { isServer, type KnexStorageOptions, type SqliteFile } from "./options.js";
import { serverSetup } from "./server-setup.js";
import { sqliteClient } from "./sqlite/sqlite-client.js";
import type { SqliteDriverName } from "./sqlite/sqlite-driver.js";

/** What the options mean. */
export function setupOf(options: KnexStorageOptions): Setup {
  if (options.knex !== undefined) return knexSetup(options.knex);
  if (!isServer(options)) return fileSetup(options.connection, options.client);
  return serverSetup({ client: options.client, connection: options.connection, max: options.pool?.max });
}

/** The settings of the application's knex in a pool of our own: what is set on connections never reaches the application's. */
function knexSetup(knex: Knex): Setup {
  const client = clientOf(knex);
  if (client === "mysql2" || client === "pg") return serverSetup(serverOf(knex, client));
  const { driver = "sqlite", ...file } = fileOf(knex);
  return fileSetup(file as unknown as SqliteFile, driver as SqliteDriverName);
}

function fileSetup({ filename, synchronous = "FULL" }: SqliteFile, driver: SqliteDriverName): Setup {
  const connection = { filename, synchronous, driver };
  // One connection: transactions of this process stand in line instead of meeting each other's locks.
  const pool = { min: 0, max: 1 };
  return {
    config: { client: sqliteClient, connection, pool, useNullAsDefault: true },
    dialect: sqliteDialect,
    client: driver,
    place: filename,
    advice: "Does its folder exist, may this process write there, and is it a SQLite file?",
  };
}
