import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Knex } from "knex";
import { ImError, isImError } from "../../../core/errors.js";
import { Database } from "../database.js";
import { isServer } from "../options.js";
import { migrate, readSchemaVersion } from "../schema/migrate.js";
import { setupOf } from "../setup.js";
import type { ImportTo } from "./import-options.js";
import { type Beginning, type Place, readBeginning, readPlace, writeBeginning } from "./import-state.js";

/** Tables in which a chat of anybody's leaves rows. */
const TRACES = ["message", "inbox", "inbox_head", "conversation", "group", "user", "friend", "block", "pending_send"];
/** What an import writes last: whoever finds it before has met a server. */
const LIVING = ["inbox_head", "conversation", "block", "pending_send", "refusal"];

/** Where an import goes: the database of a storage. */
export class ImportTarget {
  readonly database: Database;
  readonly #options: ImportTo;
  readonly #place: string;
  readonly #advice: string;

  /** @param database in place of the one that the options mean */
  constructor(options: ImportTo, database?: Database) {
    const { config, dialect, place, advice } = setupOf(options);
    this.database = database ?? new Database(config, dialect);
    this.#options = options;
    this.#place = place;
    this.#advice = advice;
  }

  /** Where rows are sorted meanwhile: beside a file, or in the system's temporary folder. */
  workbenchFolder(importId: string): string {
    if (isServer(this.#options)) return join(tmpdir(), `shyim-import-${importId}`);
    return `${this.#options.connection.filename}-import`;
  }

  /** What an import into this target was begun with, without making anything; `null` where there was none. Errors: `unavailable`. */
  async findBeginning(): Promise<Beginning | null> {
    if (!isServer(this.#options) && !(await isThere(this.#options.connection.filename))) return null;
    return this.#open(async (db) => ((await readSchemaVersion(db)) === 0 ? null : readBeginning(db)));
  }

  /** How far an import that was begun is. */
  findPlace(): Promise<Place> {
    return this.database.read(readPlace);
  }

  /** Names the server and the database, as the source does for itself; `null` for every other kind of database. */
  async whereabouts(): Promise<string | null> {
    if (this.#options.client !== "mysql2") return null;
    const rows = await this.#open((db) => db.raw(WHEREABOUTS));
    return (this.database.dialect.rowsOf(rows) as { place: string }[])[0]?.place ?? null;
  }

  /** Errors: `operation_failed` when there is a chat already; nothing was changed then. */
  async assertEmpty(): Promise<void> {
    if (!isServer(this.#options) && !(await isThere(this.#options.connection.filename))) return;
    await this.#open(async (db) => {
      if ((await readSchemaVersion(db)) > 0) await this.#assertNoRows(db, TRACES, "a chat of its own");
    });
  }

  /** Errors: `operation_failed` when somebody else has written into a target that is half done. */
  assertAlone(): Promise<void> {
    return this.database.read((db) => this.#assertNoRows(db, LIVING, "something a server has written meanwhile"));
  }

  /** Makes the tables and notes the beginning. Errors: as `assertEmpty`. */
  async begin(beginning: Omit<Beginning, "importId">, first: Place): Promise<Beginning> {
    await this.#open(() => migrate(this.database));
    const named = { ...beginning, importId: randomBytes(16).toString("hex") };
    await this.database.transaction(async (trx) => {
      await trx("shyim_meta").select("value").where({ name: "schema_version" }).first().forUpdate();
      await this.#assertNoRows(trx, TRACES, "a chat of its own");
      if ((await readBeginning(trx)) !== null) throw begunElsewhere();
      await writeBeginning(trx, named, first);
    });
    return named;
  }

  /** Errors: `operation_failed` with what was found. */
  async #assertNoRows(db: Knex, tables: readonly string[], what: string): Promise<void> {
    const found: string[] = [];
    for (const table of tables) {
      if (!(await db.schema.hasTable(`shyim_${table}`))) continue;
      const row = await db(`shyim_${table}`).count({ size: "*" }).first();
      if (Number(row?.size) > 0) found.push(`${row?.size} in shyim_${table}`);
    }
    if (found.length === 0) return;
    const message = `${this.#place} holds ${what}: ${found.join(", ")}. Import into a database without a chat (nothing was changed)`;
    throw new ImError("operation_failed", { message });
  }

  async #open<T>(work: (db: Knex) => Promise<T>): Promise<T> {
    this.#openPool();
    try {
      return await this.database.read(work);
    } catch (error) {
      if (!isImError(error, "unavailable")) throw error;
      const reason = error.cause instanceof Error ? error.cause.message || "nobody answers" : error.message;
      const message = `cannot open ${this.#place}: ${reason}. ${this.#advice}`;
      throw new ImError("unavailable", { message, cause: error.cause });
    }
  }

  /** knex looks for the package of a client when the pool is made. */
  #openPool(): void {
    try {
      this.database.open();
    } catch (cause) {
      if (isImError(cause)) throw cause;
      const { client } = this.#options;
      const message = `the package of the client "${client}" is missing: npm install ${client}`;
      throw new ImError("unavailable", { message, cause });
    }
  }
}

/** One server answers the same to whoever asks. */
export const WHEREABOUTS = "select concat_ws(' ', @@hostname, @@port, database()) as place";

function begunElsewhere(): ImError {
  const message = "another process has begun an import into the same target: let it finish (nothing was changed)";
  return new ImError("operation_failed", { message });
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
