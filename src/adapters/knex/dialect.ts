import type { Knex } from "knex";
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

/** A column of ours that holds text, as a database has it. */
export interface TextColumn {
  readonly table: string;
  readonly column: string;
  /** Name of its collation; null for a type that has none. */
  readonly collation: string | null;
  readonly nullable: boolean;
}

/** How a database that can compare text in many ways is asked and told how to. */
export interface Collations {
  /** The columns of these tables, as far as they are there. */
  read(db: Knex, tables: readonly string[]): Promise<readonly TextColumn[]>;
  /** The name of the collation in the type of a column. */
  of(type: string): string;
  /** The statement that gives a column the type it should have. */
  mend(column: TextColumn, type: string): string;
}

/** Everything in which databases differ. The rest of this adapter is the same SQL for all of them. */
export interface Dialect {
  /** Column types of the server that `db` is connected to. */
  typesOf(db: Knex): Promise<ColumnTypes>;
  /** Said to the server once on every new connection. */
  readonly session: readonly string[];
  /** Runs a statement of the schema, which leaves what is there already as it is. */
  define(db: Knex, statement: string): Promise<void>;
  /** Null where text is compared byte by byte unless a statement asks for something else. */
  readonly collations: Collations | null;
  /** Runs `work` while no other process changes the schema. */
  withSchemaLock<T>(trx: Knex.Transaction, work: () => Promise<T>): Promise<T>;
  /** Values one statement may bind. */
  readonly maxBindings: number;
  /** Rows one statement inserts: the large ones all have this size, so that few different ones have to be compiled. */
  readonly maxRows: number;
  readonly commitLimits: CommitLimits;
  /** Inbox rows after which a commit leaves the rest of its batch to the caller. */
  readonly maxInboxRows: number;
  /** Whether others write at the same time, row by row. Where they do not, a transaction has the whole database. */
  readonly isShared: boolean;
  /** What has an insert answer with these columns of its rows, where the server can. */
  returning(columns: readonly string[]): string;
  /** What follows an insert of `shyim_inbox_head` rows so that numbers are added to what is there. */
  readonly addToHead: string;
  /** What follows an insert of `shyim_conversation` rows so that positions take the place of what is there. */
  readonly setPosition: string;
  /** What follows an insert of `shyim_conversation` rows so that those that are there stay as they are. */
  readonly keepExisting: string;
  /** The rows in what a raw statement answers. */
  rowsOf(answer: unknown): unknown[];
  /** What an error of the driver means. */
  troubleOf(error: unknown): Trouble;
  /** Whether the server has turned somebody away for a reason that no waiting changes: a password, a database, a right. */
  turnsAway(error: unknown): boolean;
}
