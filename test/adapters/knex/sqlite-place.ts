import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import createKnex, { type Knex } from "knex";
import type { SqliteStorageOptions } from "../../../src/adapters/knex/index.js";
import { type KnexStorage, knexStorage, sqliteClient } from "../../../src/adapters/knex/index.js";
import { KnexApplication } from "./knex-application.js";

/** A folder of its own for one SQLite file, and handles on that file. */
export class SqlitePlace {
  readonly folder: string;
  readonly filename: string;
  readonly #applications: KnexApplication[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.filename = join(folder, "chat.db");
  }

  static async create(): Promise<SqlitePlace> {
    return new SqlitePlace(await mkdtemp(join(tmpdir(), "shyim-sqlite-")));
  }

  /** A storage on the file, not started. */
  storage(client: SqliteStorageOptions["client"] = "sqlite", options: Partial<SqliteStorageOptions> = {}): KnexStorage {
    return knexStorage({ client, connection: { filename: this.filename }, ...options });
  }

  /** A knex on the file, to be destroyed by the caller. */
  knex(): Knex {
    return createKnex({ client: sqliteClient, connection: { filename: this.filename }, useNullAsDefault: true });
  }

  /** An application on the file, closed by `remove`. */
  async application(): Promise<KnexApplication> {
    const application = await KnexApplication.open(this.knex());
    this.#applications.push(application);
    return application;
  }

  async remove(): Promise<void> {
    for (const application of this.#applications) await application.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
