import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import createKnex, { type Knex } from "knex";
import { Database } from "../../../../src/adapters/knex/database.js";
import type { ImportTo } from "../../../../src/adapters/knex/import/import-options.js";
import { type KnexStorage, knexStorage } from "../../../../src/adapters/knex/index.js";
import { setupOf } from "../../../../src/adapters/knex/setup.js";
import { ServerPlace } from "../../../services/knex/server-place.js";

/** What differs from one import to the next, and what counters leave gaps in. */
const RANDOM = ["sync_epoch", "import_id"];

/** A place for a target, and looks at what is in it. */
export class ImportPlace {
  readonly to: ImportTo;
  /** As a person types it. */
  readonly word: string;
  readonly #remove: () => Promise<void>;

  private constructor(to: ImportTo, word: string, remove: () => Promise<void>) {
    this.to = to;
    this.word = word;
    this.#remove = remove;
  }

  static async file(): Promise<ImportPlace> {
    const folder = await mkdtemp(join(tmpdir(), "shyim-target-"));
    const filename = join(folder, "chat.db");
    const to = { client: "sqlite", connection: { filename, synchronous: "NORMAL" } } as const;
    return new ImportPlace(to, filename, () => rm(folder, { recursive: true, force: true }));
  }

  static async server(client: "mysql2" | "pg", url: string): Promise<ImportPlace> {
    const place = await ServerPlace.create(client, url);
    return new ImportPlace({ client, connection: place.url }, place.url, () => place.remove());
  }

  /** Not started. */
  storage(): KnexStorage {
    return knexStorage(this.to);
  }

  /** A database that is the import's, but fails at the n-th statement within its transactions. */
  failingAt(n: number): Database {
    const { config, dialect } = setupOf(this.to);
    return new FailingDatabase(n, config, dialect);
  }

  /** A database that is the import's; while its n-th transaction is about to begin, something happens to the source. */
  after(n: number, change: string, source: Knex): Database {
    const { config, dialect } = setupOf(this.to);
    return new WaitingDatabase(n, () => source.raw(change), config, dialect);
  }

  /** Everything of the chat, with inbox rows by the message they point at; in the order of all columns. */
  async contents(): Promise<unknown> {
    const knex = this.#knex();
    try {
      const tables: Record<string, string[]> = {};
      for (const [name, sql] of QUERIES)
        tables[name] = (await rows(knex, sql)).map((row) => JSON.stringify(row)).sort();
      return tables;
    } finally {
      await knex.destroy();
    }
  }

  remove(): Promise<void> {
    return this.#remove();
  }

  #knex(): Knex {
    const { config } = setupOf(this.to);
    return createKnex(config);
  }
}

const MESSAGE = ["id", "sender_id", "sender_seq", "conversation", "conversation_seq"];
const QUERIES: readonly (readonly [string, string])[] = [
  ["message", `select ${MESSAGE.join(", ")}, type, content, server_time, client_time from shyim_message`],
  ["inbox", "select user_id, seq, id from shyim_inbox left join shyim_message on row_id = message_row"],
  ["meta", `select name, value from shyim_meta where name not in ('${RANDOM.join("', '")}')`],
  ...["inbox_head", "conversation", "group", "group_member", "past_stay", "user", "friend", "block"].map(
    (table) => [table, `select * from shyim_${table}`] as const,
  ),
];

async function rows(knex: Knex, sql: string): Promise<unknown[]> {
  const answer: unknown = await knex.raw(sql);
  if (Array.isArray(answer)) return Array.isArray(answer[0]) ? answer[0] : answer;
  return (answer as { readonly rows: unknown[] }).rows;
}

/** Stands for a process that dies: nothing of the transaction it happens in is kept. */
class FailingDatabase extends Database {
  #left: number;

  constructor(n: number, ...rest: ConstructorParameters<typeof Database>) {
    super(...rest);
    this.#left = n;
  }

  override transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    return super.transaction((trx) => work(this.#failing(trx)));
  }

  #failing(trx: Knex.Transaction): Knex.Transaction {
    return new Proxy(trx, {
      apply: (target, self, args: unknown[]) => {
        this.#tick();
        return Reflect.apply(target, self, args);
      },
      get: (target, name) => {
        if (name === "raw") this.#tick();
        return Reflect.get(target, name);
      },
    });
  }

  #tick(): void {
    if (this.#left-- === 0) throw new Died();
  }
}

/** Lets something else happen before one of its transactions. */
class WaitingDatabase extends Database {
  #left: number;
  readonly #before: () => PromiseLike<unknown>;

  constructor(n: number, before: () => PromiseLike<unknown>, ...rest: ConstructorParameters<typeof Database>) {
    super(...rest);
    this.#left = n;
    this.#before = before;
  }

  override async transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    if (this.#left-- === 0) await this.#before();
    return super.transaction(work);
  }
}

/** What is thrown where a process would have died. */
export class Died extends Error {
  override readonly name = "Died";
}
