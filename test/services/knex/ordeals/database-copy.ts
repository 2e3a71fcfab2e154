import type { Knex } from "knex";
import { rowsOf, type ServerClient } from "./databases.js";

/** How a database copies its tables, and puts the copies in their place. */
interface Copying {
  readonly tables: string;
  readonly messageIds: string;
  /** Copies all of them as they are in one moment, while others write. */
  take(db: Knex, tables: readonly string[]): Promise<void>;
  putBack(db: Knex, table: string): Promise<void>;
  /** Sets the counters of the tables to what is in them, as a restored backup has them. */
  finish(db: Knex): Promise<void>;
}

const MARIADB: Copying = {
  tables: "select table_name as name from information_schema.tables where table_schema = database()",
  messageIds: "select lower(hex(id)) as id from copy_of_shyim_message",
  take: async (db, tables) => {
    for (const table of tables) await db.raw(`create table copy_of_${table} like ${table}`);
    // Writers wait meanwhile: a select into another table would see each table at a moment of its own.
    await db.raw(`lock tables ${tables.map((table) => `${table} read, copy_of_${table} write`).join(", ")}`);
    for (const table of tables) await db.raw(`insert into copy_of_${table} select * from ${table}`);
    await db.raw("unlock tables");
  },
  putBack: async (db, table) => {
    await db.raw(`drop table ${table}`);
    await db.raw(`rename table copy_of_${table} to ${table}`);
  },
  // They follow what is inserted.
  finish: async () => {},
};

const POSTGRES: Copying = {
  tables: "select table_name as name from information_schema.tables where table_schema = 'public'",
  messageIds: "select encode(id, 'hex') as id from copies.shyim_message",
  take: async (db, tables) => {
    await db.raw("create schema copies");
    const snapshot = { isolationLevel: "repeatable read" } as const;
    await db.transaction(async (trx) => {
      for (const table of tables) {
        await trx.raw(`create table copies.${table} (like public.${table} including all)`);
        await trx.raw(`insert into copies.${table} overriding system value select * from public.${table}`);
      }
    }, snapshot);
  },
  putBack: async (db, table) => {
    await db.raw(`drop table public.${table}`);
    await db.raw(`alter table copies.${table} set schema public`);
  },
  finish: async (db) => {
    for (const table of ["shyim_message", "shyim_pending_send"]) {
      const sequence = `pg_get_serial_sequence('${table}', 'row_id')`;
      await db.raw(`select setval(${sequence}, max(row_id)) from ${table} having max(row_id) is not null`);
    }
  },
};

const COPYING = { mysql2: MARIADB, pg: POSTGRES } as const;

/** A copy of our tables within their database, made by nothing but SQL. */
export class DatabaseCopy {
  readonly #db: Knex;
  readonly #client: ServerClient;
  readonly #tables: readonly string[];

  private constructor(db: Knex, client: ServerClient, tables: readonly string[]) {
    this.#db = db;
    this.#client = client;
    this.#tables = tables;
  }

  /** @param db with one connection */
  static async take(db: Knex, client: ServerClient): Promise<DatabaseCopy> {
    const names = (await rowsOf(db, client, COPYING[client].tables)).map(({ name }) => String(name));
    const tables = names.filter((name) => name.startsWith("shyim_"));
    await COPYING[client].take(db, tables);
    return new DatabaseCopy(db, client, tables);
  }

  /** Ids of the messages in it. */
  async messageIds(): Promise<ReadonlySet<string>> {
    return new Set(
      (await rowsOf(this.#db, this.#client, COPYING[this.#client].messageIds)).map(({ id }) => String(id)),
    );
  }

  /** Puts it in the place of what is there, once; nobody may have it open. */
  async putBack(): Promise<void> {
    for (const table of this.#tables) await COPYING[this.#client].putBack(this.#db, table);
    await COPYING[this.#client].finish(this.#db);
  }
}
