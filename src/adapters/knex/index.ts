/** `shyim/adapters/knex`: storage in a database. Everything public is listed here by hand. */

export type { ImportOptions, ImportResult, ImportTo } from "./import/import-options.js";
export type { ImportNote, ImportPart, ImportPlan, ImportProgress, LeftOut } from "./import/import-plan.js";
export { importShyim } from "./import/import-shyim.js";
export { KnexStorage, knexStorage } from "./knex-storage.js";
export type {
  KnexInstanceOptions,
  KnexStorageOptions,
  ServerStorageOptions,
  SqliteFile,
  SqliteStorageOptions,
} from "./options.js";
export type { Migration } from "./schema/migrate.js";
export { sqliteClient } from "./sqlite/sqlite-client.js";
export type { Synchronous } from "./sqlite/sqlite-connection.js";
