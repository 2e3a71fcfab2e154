/** `shyim/adapters/knex`: storage in a database. Everything public is listed here by hand. */

export { KnexStorage, knexStorage } from "./knex-storage.js";
export type { KnexStorageOptions, ServerStorageOptions, SqliteFile, SqliteStorageOptions } from "./options.js";
export type { Migration } from "./schema/migrate.js";
export { sqliteClient } from "./sqlite/sqlite-client.js";
export type { Synchronous } from "./sqlite/sqlite-connection.js";
