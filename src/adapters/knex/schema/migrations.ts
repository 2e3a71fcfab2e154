import type { ColumnTypes } from "../dialect.js";
import { blockTable, firstTables } from "./tables.js";

/**
 * Every version of the schema, in order; the first is version 1. Once released, an entry never changes: a new version is a
 * new entry, and adds (tables, columns with a default, indexes) without taking anything away, so that the version before it
 * can still run beside it during a deploy.
 */
export const MIGRATIONS: readonly ((types: ColumnTypes) => readonly string[])[] = [firstTables, blockTable];

/** The version this code works with. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;
