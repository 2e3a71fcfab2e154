import type { ColumnTypes, Dialect, Trouble } from "../dialect.js";
import { postgresCollations } from "./postgres-collations.js";
import { serverLimits } from "./server-limits.js";

/** Compared byte by byte, whatever the locale of the database. */
const EXACT = 'collate "C"';
/** Longest text of people, characters; a hash of a password is the longest. */
const MAX_TEXT = 255;
/** Names our lock among all advisory locks of a database: "shyi" in ASCII. */
const SCHEMA_LOCK = 0x73687969;
/** So long somebody waits who wants to migrate while somebody else does, seconds. */
const SCHEMA_LOCK_SECONDS = 60;

const TYPES: ColumnTypes = {
  id: `varchar(64) ${EXACT}`,
  key: `varchar(131) ${EXACT}`,
  word: `varchar(32) ${EXACT}`,
  text: `varchar(${MAX_TEXT}) ${EXACT}`,
  integer: "bigint",
  messageId: "bytea",
  bytes: "bytea",
  counter: "bigint generated always as identity primary key",
  table: "",
  clusteredTable: "",
};

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCKED: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);
const TAKEN = "23505";
/** Data exceptions, and integrity constraints other than a unique key. */
const IMPOSSIBLE_CLASSES = ["22", "23"];
/** No such role or no entry for it, a wrong password, no such database, no such schema, no right. */
const TURNS_AWAY: ReadonlySet<unknown> = new Set(["28000", "28P01", "3D000", "3F000", "42501"]);
/** What `pg` says without a code where the server asks for a password and none was given. */
const NO_PASSWORD = "client password must be a";

/** PostgreSQL, over `pg`. */
export const postgresDialect: Dialect = {
  typesOf: () => Promise.resolve(TYPES),
  define: async (db, statement) => void (await db.raw(statement)),
  collations: postgresCollations,
  // A process that stops inside its transaction would hold everybody's heads: the server ends it.
  session: [
    "set session characteristics as transaction isolation level read committed",
    "set idle_in_transaction_session_timeout = '5s'",
    "set lock_timeout = '3s'",
    "set statement_timeout = '15s'",
  ],
  withSchemaLock: async (trx, work) => {
    // Somebody else's migration, and this one, may take far longer than any commit.
    await trx.raw(`set local lock_timeout = '${SCHEMA_LOCK_SECONDS}s'`);
    await trx.raw("set local statement_timeout = 0");
    await trx.raw("select pg_advisory_xact_lock(?)", [SCHEMA_LOCK]);
    return work();
  },
  // The protocol counts them in 16 bits.
  maxBindings: 65_535,
  ...serverLimits,
  returning: (columns) => `returning ${columns.join(", ")}`,
  addToHead: "on conflict (user_id) do update set seq = shyim_inbox_head.seq + excluded.seq",
  setPosition: "on conflict (id) do update set seq = excluded.seq",
  keepExisting: "on conflict do nothing",
  rowsOf: (answer) => (answer as { readonly rows?: unknown[] }).rows ?? [],
  troubleOf: (error): Trouble => {
    const code = (error as { readonly code?: unknown } | null)?.code;
    if (typeof code !== "string") return "away";
    if (LOCKED.has(code)) return "locked";
    if (code === TAKEN) return "taken";
    return code.length === 5 && IMPOSSIBLE_CLASSES.includes(code.slice(0, 2)) ? "impossible" : "away";
  },
  turnsAway: (error) => {
    const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
    return TURNS_AWAY.has(code) || (code === undefined && String(message).includes(NO_PASSWORD));
  },
};
