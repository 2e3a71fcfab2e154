/** The types of every entry as CommonJS sees them. */
export type { ImServer } from "shyim";
export type { KnexStorageOptions } from "shyim/adapters/knex";
export type { ImClient } from "shyim/client";
export type { HttpApiOptions } from "shyim/http";
export { storageConformance } from "shyim/testing";
