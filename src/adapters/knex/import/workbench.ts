import { mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Knex } from "knex";
import { Database } from "../database.js";
import { type Cell, insertRows } from "../insert-rows.js";
import type { SqliteStorageOptions } from "../options.js";
import { setupOf } from "../setup.js";
import { STAGING } from "./workbench-tables.js";

/** Only its owner may look in: there are phone numbers and passwords in it. */
const PRIVATE = 0o700;
const FILE = "rows.db";
/** The file and what SQLite puts beside it. */
const FILES = [FILE, `${FILE}-wal`, `${FILE}-shm`, `${FILE}-journal`];

/** A database beside the target, in which the rows of a source are sorted: with it an import of any size needs little memory. */
export class Workbench {
  readonly #folder: string;
  readonly #database: Database;

  private constructor(folder: string, client: SqliteStorageOptions["client"]) {
    const { config, dialect } = setupOf({
      client,
      connection: { filename: join(folder, FILE), synchronous: "NORMAL" },
    });
    this.#folder = folder;
    this.#database = new Database(config, dialect);
  }

  /**
   * Opens what an earlier run has left, or begins anew where that belongs to another import.
   * @param importId names the import
   * Errors: as for a storage in a file.
   */
  static async open(folder: string, importId: string, client: SqliteStorageOptions["client"]): Promise<Workbench> {
    await mkdir(folder, { recursive: true, mode: PRIVATE });
    const found = new Workbench(folder, client);
    if ((await found.#ownerOr(importId)) === importId) return found;
    await found.#removeFiles();
    const fresh = new Workbench(folder, client);
    await fresh.#ownerOr(importId);
    return fresh;
  }

  /** Rows of a statement of reading. */
  read<Row>(sql: string, bindings: readonly (string | number)[] = []): Promise<Row[]> {
    return this.#database.read((db) => rowsOf<Row>(db, sql, bindings));
  }

  /** The one number of a statement that asks for one, 0 for none. */
  async count(sql: string): Promise<number> {
    const [row] = await this.read<Record<string, number | null>>(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  /** A word that was noted, or `undefined`. */
  async noted(name: string): Promise<string | undefined> {
    const [row] = await this.read<{ value: string }>("select value from state where name = ?", [name]);
    return row?.value;
  }

  /** Adds rows to a table and notes how far it is, both or neither. */
  async add(table: string, columns: readonly string[], rows: readonly Cell[][], note: Note): Promise<void> {
    await this.#database.transaction(async (trx) => {
      await insertRows(trx, this.#database.dialect, table, columns, rows);
      await write(trx, note);
    });
  }

  /** Runs statements and notes that they have run, all or none. */
  async run(statements: readonly string[], note: Note, onStep: (done: number) => void): Promise<void> {
    await this.#database.transaction(async (trx) => {
      for (const [index, statement] of statements.entries()) {
        onStep(index);
        await trx.raw(statement);
      }
      await write(trx, note);
    });
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** Closes it and takes it away. */
  async remove(): Promise<void> {
    await this.#removeFiles();
    // Somebody may have put something in there.
    await rmdir(this.#folder).catch(() => {});
  }

  /** Opens it; whose it is, which is `importId` if it is new. */
  async #ownerOr(importId: string): Promise<string | undefined> {
    this.#database.open();
    await this.#database.transaction(async (trx) => {
      if (await trx.schema.hasTable("state")) return;
      for (const statement of STAGING) await trx.raw(statement);
      await write(trx, ["import", importId]);
    });
    return this.noted("import");
  }

  async #removeFiles(): Promise<void> {
    await this.close();
    for (const file of FILES) await rm(join(this.#folder, file), { force: true });
  }
}

type Note = readonly [name: string, value: string];

async function write(trx: Knex, [name, value]: Note): Promise<void> {
  await trx.raw(
    "insert into state (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
    [name, value],
  );
}

/** A raw statement of SQLite answers with its rows. */
async function rowsOf<Row>(db: Knex, sql: string, bindings: readonly (string | number)[]): Promise<Row[]> {
  return (await db.raw(sql, [...bindings])) as Row[];
}
