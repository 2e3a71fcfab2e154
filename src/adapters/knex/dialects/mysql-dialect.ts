import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import { describe } from "../../../core/model.js";
import type { ColumnTypes, Dialect, Trouble } from "../dialect.js";
import { mysqlCollations } from "./mysql-collations.js";
import { serverLimits } from "./server-limits.js";

/** Ids are ASCII without spaces, so that a collation that pads with spaces compares them byte by byte, too. */
const ascii = (length: number): string => `varchar(${length}) character set ascii collate ascii_bin`;
/** Longest text of people, UTF-16 units; a hash of a password is the longest. */
const MAX_TEXT = 255;
/** So long somebody waits who wants to migrate while somebody else does, seconds. */
const SCHEMA_LOCK_SECONDS = 60;
/** 8.0.17, the first with the collation {@link exactFor} names. */
const FIRST_MYSQL = 8_000_017;

/**
 * MySQL and MariaDB have no collation without padding of the same name.
 * Errors: `operation_failed` for a MySQL that has none.
 */
function exactFor(version: string): string {
  if (version.includes("MariaDB")) return "utf8mb4_nopad_bin";
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const isKnown = Number(major) * 1_000_000 + Number(minor) * 1_000 + Number(patch) >= FIRST_MYSQL;
  if (isKnown) return "utf8mb4_0900_bin";
  const message = `MySQL 8.0.17 or later, or MariaDB, is needed, got ${describe(version)}: use a newer server`;
  throw new ImError("operation_failed", { message });
}

function typesFor(version: string): ColumnTypes {
  const exact = exactFor(version);
  const table = `engine = InnoDB default character set utf8mb4 collate ${exact}`;
  return {
    id: ascii(64),
    key: ascii(131),
    word: ascii(32),
    text: `varchar(${MAX_TEXT}) character set utf8mb4 collate ${exact}`,
    integer: "bigint",
    messageId: "binary(16)",
    bytes: "mediumblob",
    counter: "bigint not null auto_increment primary key",
    table,
    clusteredTable: table,
  };
}

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, the same numbers in MariaDB. */
const LOCKED: ReadonlySet<number> = new Set([1205, 1213, 3572]);
const TAKEN: ReadonlySet<number> = new Set([1062]);
const IMPOSSIBLE: ReadonlySet<number> = new Set([1048, 1264, 1366, 1406, 3988]);
/** A user, a password or a host that may not sign in (1045, 1130, 1251, 1698), no database or none such (1046, 1049), no right. */
const TURNS_AWAY: ReadonlySet<unknown> = new Set([1044, 1045, 1046, 1049, 1130, 1142, 1227, 1251, 1698]);

/** MariaDB and MySQL, over `mysql2`. */
export const mysqlDialect: Dialect = {
  typesOf: async (db) => {
    const [row] = rowsOf(await db.raw("select version() as version")) as { version: string }[];
    return typesFor(row?.version ?? "");
  },
  define,
  collations: mysqlCollations,
  // READ COMMITTED: a statement sees what was committed before it began, and gaps are not locked. A process that stops inside its
  // transaction would hold everybody's heads: MariaDB ends it after 5 s. MySQL has no such setting, there the connection is closed
  // after 30 s of silence. (What follows /*M! is read by MariaDB alone, what follows /*!50700 by MySQL alone.)
  session: [
    "set session transaction isolation level read committed",
    "set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'",
    "set session innodb_lock_wait_timeout = 3 /*M!100300 , session idle_transaction_timeout = 5 */" +
      " /*!50700 , session wait_timeout = 30 */",
  ],
  withSchemaLock,
  // No limit of the text protocol, which knex uses; a statement has to stay below max_allowed_packet.
  maxBindings: 30_000,
  ...serverLimits,
  // MySQL takes it for a comment and answers with no rows.
  returning: (columns) => `/*M!100500 returning ${columns.join(", ")} */`,
  // MySQL warns of values(), which it calls deprecated since 8.0.20; MariaDB does not know the alias that should take its place.
  addToHead: "on duplicate key update seq = shyim_inbox_head.seq + values(seq)",
  setPosition: "on duplicate key update seq = values(seq)",
  keepExisting: "on duplicate key update seq = shyim_conversation.seq",
  rowsOf,
  troubleOf: (error): Trouble => {
    const number = (error as { readonly errno?: unknown } | null)?.errno;
    if (typeof number !== "number") return "away";
    if (LOCKED.has(number)) return "locked";
    if (TAKEN.has(number)) return "taken";
    return IMPOSSIBLE.has(number) ? "impossible" : "away";
  },
  turnsAway: (error) => TURNS_AWAY.has((error as { readonly errno?: unknown } | null)?.errno),
};

const INDEX = /^create index if not exists (\w+) on (\w+)/;

/** `if not exists` is MariaDB's where an index is made; MySQL does not know it. Nobody else makes one meanwhile. */
async function define(db: Knex, statement: string): Promise<void> {
  const [, index, table] = INDEX.exec(statement) ?? [];
  if (index === undefined || table === undefined) return void (await db.raw(statement));
  const sql =
    "select index_name as name from information_schema.statistics where table_schema = database() and table_name = ? and index_name = ?";
  if (rowsOf(await db.raw(sql, [table, index])).length > 0) return;
  await db.raw(statement.replace("if not exists ", ""));
}

function rowsOf(answer: unknown): unknown[] {
  const [rows] = answer as [unknown];
  return Array.isArray(rows) ? rows : [];
}

/** A statement that changes the schema ends the transaction, so this lock is the session's. */
async function withSchemaLock<T>(trx: Knex.Transaction, work: () => Promise<T>): Promise<T> {
  const answer: unknown = await trx.raw("select get_lock('shyim_schema', ?) as taken", [SCHEMA_LOCK_SECONDS]);
  const [row] = rowsOf(answer) as { taken: number | null }[];
  if (Number(row?.taken) !== 1) throw new ImError("busy", { message: "another process is migrating the database" });
  try {
    return await work();
  } finally {
    // With a connection that is gone the lock is, too; what `work` failed with is what counts.
    await trx.raw("select release_lock('shyim_schema')").catch(() => {});
  }
}
