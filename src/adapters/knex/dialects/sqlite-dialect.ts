import type { ColumnTypes, Dialect } from "../dialect.js";

/** https://sqlite.org/rescode.html: primary result codes by the names they have there. */
const SQLITE = { BUSY: 5, LOCKED: 6, TOOBIG: 18, CONSTRAINT: 19, MISMATCH: 20, RANGE: 25 } as const;

const SQLITE_UNIQUE = 2067;

/** The extended codes of a unique key and a primary key that are taken (SQLITE_CONSTRAINT_UNIQUE, …_PRIMARYKEY, …_ROWID). */
const SQLITE_TAKEN: ReadonlySet<number> = new Set([SQLITE_UNIQUE, 1555, 2579]);

const SQLITE_IMPOSSIBLE: ReadonlySet<number> = new Set([
  SQLITE.TOOBIG,
  SQLITE.CONSTRAINT,
  SQLITE.MISMATCH,
  SQLITE.RANGE,
]);

const TYPES: ColumnTypes = {
  id: "text",
  key: "text",
  word: "text",
  text: "text",
  integer: "integer",
  messageId: "blob",
  bytes: "blob",
  counter: "integer primary key",
  table: "strict",
  clusteredTable: "strict, without rowid",
};

/** SQLite, whichever driver serves it. One transaction at a time has the whole file, so row locks are not needed. */
export const sqliteDialect: Dialect = {
  typesOf: () => Promise.resolve(TYPES),
  define: async (db, statement) => void (await db.raw(statement)),
  collations: null,
  // What a connection of SQLite needs is said where it is opened.
  session: [],
  // One transaction at a time writes.
  withSchemaLock: (_trx, work) => work(),
  // SQLITE_MAX_VARIABLE_NUMBER since 3.32.
  maxBindings: 32_766,
  maxRows: 256,
  // A transaction blocks the process while it runs, so it is kept short.
  commitLimits: { maxUplinks: 64, maxBytes: 4 * 1024 * 1024, parallel: 1 },
  maxInboxRows: 4_000,
  isShared: false,
  returning: (columns) => `returning ${columns.join(", ")}`,
  addToHead: "on conflict (user_id) do update set seq = shyim_inbox_head.seq + excluded.seq",
  setPosition: "on conflict (id) do update set seq = excluded.seq",
  keepExisting: "on conflict do nothing",
  rowsOf: (answer) => answer as unknown[],
  troubleOf: (error) => {
    const code = sqliteCode(error);
    if (code === undefined) return "away";
    const primary = code & 0xff;
    if (primary === SQLITE.BUSY || primary === SQLITE.LOCKED) return "locked";
    if (SQLITE_TAKEN.has(code)) return "taken";
    return SQLITE_IMPOSSIBLE.has(primary) ? "impossible" : "away";
  },
  // There is no server that could.
  turnsAway: () => false,
};

/** What SQLite says beside a code, for the one driver that loses the code when a statement that returns rows fails. */
const SQLITE_TEXTS: readonly (readonly [text: string, code: number])[] = [
  ["database is locked", SQLITE.BUSY],
  ["table is locked", SQLITE.LOCKED],
  ["UNIQUE constraint failed", SQLITE_UNIQUE],
  ["constraint failed", SQLITE.CONSTRAINT],
  ["cannot store", SQLITE.CONSTRAINT],
  ["too big", SQLITE.TOOBIG],
];

/**
 * The extended result code. node:sqlite has it as a number (`errcode`), better-sqlite3 as its name (`code`), and
 * @photostructure/sqlite 1.2 has none when `all()` fails.
 */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, code, message } = error as Error & { errcode?: unknown; code?: unknown };
  if (typeof errcode === "number") return errcode;
  return namedSqliteCode(code) ?? SQLITE_TEXTS.find(([text]) => message.includes(text))?.[1];
}

function namedSqliteCode(code: unknown): number | undefined {
  if (typeof code !== "string") return undefined;
  if (code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY") return SQLITE_UNIQUE;
  const name = Object.keys(SQLITE).find((each) => code.startsWith(`SQLITE_${each}`));
  return name === undefined ? undefined : SQLITE[name as keyof typeof SQLITE];
}
