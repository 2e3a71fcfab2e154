import type { CommitLimits } from "../contracts/index.js";

/** Column types under the names the schema uses for them. */
export interface ColumnTypes {
  /** An id of a user or a group: 1–64 ASCII characters, compared byte by byte. */
  readonly id: string;
  /** A conversation's key: up to 131 ASCII characters, compared byte by byte. */
  readonly key: string;
  /** A short word of our own (a code, a role, the name of a setting). */
  readonly word: string;
  /** Text of people, any Unicode, compared exactly. */
  readonly text: string;
  /** A safe integer. */
  readonly integer: string;
  /** 16 bytes. */
  readonly messageId: string;
  /** Content. */
  readonly bytes: string;
  /** A primary key that counts up by itself. */
  readonly counter: string;
  /** Behind `create table ( … )`. */
  readonly table: string;
  /** The same for a table that lies in the order of its primary key. */
  readonly clusteredTable: string;
}

/** What a failure of the database means for whoever made the call. */
export type Trouble =
  /** Somebody else holds a lock; the same call goes through in a moment. */
  | "locked"
  /** A unique key is there already. */
  | "taken"
  /** These values can never be stored. */
  | "impossible"
  /** Anything else: the surroundings (disk, memory, network). The outcome is unknown, the call may be repeated. */
  | "away";

/** Everything in which databases differ. The rest of this adapter is the same SQL for all of them. */
export interface Dialect {
  readonly types: ColumnTypes;
  /** Values one statement may bind. */
  readonly maxBindings: number;
  readonly commitLimits: CommitLimits;
  /** Inbox rows after which a commit leaves the rest of its batch to the caller. */
  readonly maxInboxRows: number;
  /** Whether rows others have locked can be left out of a query. */
  readonly canSkipLocked: boolean;
  /** What follows an insert of `shyim_inbox_head` rows so that numbers are added to what is there, and told. */
  readonly addToHead: string;
  /** What follows an insert of `shyim_conversation` rows so that positions take the place of what is there. */
  readonly setPosition: string;
  /** The rows in what a raw statement answers. */
  rowsOf(answer: unknown): unknown[];
  /** What an error of the driver means. */
  troubleOf(error: unknown): Trouble;
}

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

/** SQLite, whichever driver serves it. One transaction at a time has the whole file, so row locks are not needed. */
export const sqliteDialect: Dialect = {
  types: {
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
  },
  // SQLITE_MAX_VARIABLE_NUMBER since 3.32.
  maxBindings: 32_766,
  // A transaction blocks the process while it runs, so it is kept short.
  commitLimits: { maxUplinks: 64, maxBytes: 4 * 1024 * 1024, parallel: 1 },
  maxInboxRows: 4_000,
  canSkipLocked: false,
  addToHead:
    "on conflict (user_id) do update set seq = shyim_inbox_head.seq + excluded.seq returning user_id as userId, seq",
  setPosition: "on conflict (id) do update set seq = excluded.seq",
  rowsOf: (answer) => answer as unknown[],
  troubleOf: (error) => {
    const code = sqliteCode(error);
    if (code === undefined) return "away";
    const primary = code & 0xff;
    if (primary === SQLITE.BUSY || primary === SQLITE.LOCKED) return "locked";
    if (SQLITE_TAKEN.has(code)) return "taken";
    return SQLITE_IMPOSSIBLE.has(primary) ? "impossible" : "away";
  },
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
