import { ImError, isImError } from "../../core/errors.js";
import type { SyncEpoch } from "../../core/model.js";
import type {
  BlockStore,
  CommitLimits,
  FriendStore,
  GroupStore,
  MessageStore,
  PendingSends,
  Storage,
  UserStore,
} from "../contracts/index.js";
import { KnexBlocks } from "./accounts/knex-blocks.js";
import { KnexFriends } from "./accounts/knex-friends.js";
import { KnexUsers } from "./accounts/knex-users.js";
import { Database } from "./database.js";
import type { Setup } from "./database-setup.js";
import { KnexGroups } from "./groups/knex-groups.js";
import { markRestored } from "./mark-restored.js";
import { KnexMessages } from "./messages/knex-messages.js";
import { assertOptions, type KnexStorageOptions } from "./options.js";
import { KnexPendingSends } from "./pending/knex-pending-sends.js";
import { assertMigrated, type Migration, migrate, readSchemaVersion } from "./schema/migrate.js";
import { setupOf } from "./setup.js";

/** A storage in a database. */
export class KnexStorage implements Storage {
  readonly commitLimits: CommitLimits;
  readonly isShared: boolean;
  readonly messages: MessageStore;
  readonly groups: GroupStore;
  readonly users: UserStore;
  readonly friends: FriendStore;
  readonly blocks: BlockStore;
  readonly pendingSends: PendingSends;
  readonly #options: KnexStorageOptions;
  readonly #setup: Setup;
  readonly #database: Database;
  /** Starts and closes, one after the other, whatever order they are called in. */
  #lastStep: Promise<unknown> = Promise.resolve();
  #isStarted = false;

  /** Use {@link knexStorage}. */
  constructor(options: KnexStorageOptions) {
    const setup = setupOf(options);
    const database = new Database(setup.config, setup.dialect);
    this.#options = options;
    this.#setup = setup;
    this.#database = database;
    this.commitLimits = setup.dialect.commitLimits;
    this.isShared = setup.dialect.isShared;
    this.messages = new KnexMessages(database);
    this.groups = new KnexGroups(database);
    this.users = new KnexUsers(database);
    this.friends = new KnexFriends(database);
    this.blocks = new KnexBlocks(database);
    this.pendingSends = new KnexPendingSends(database);
  }

  /**
   * Opens the database and, unless told otherwise, brings its schema up to date. Whatever it rejects with, nothing is left open
   * and it may be called again.
   * Errors: `unavailable` when the database cannot be reached, which may pass; `operation_failed` when it turns us away (a password,
   * a database, a right), is newer or older than this code, or compares text in another way than byte by byte.
   */
  start(): Promise<void> {
    return this.#step(async () => {
      if (this.#isStarted) return;
      await this.#open<unknown>(() => (this.#options.migrate === false ? assertMigrated : migrate)(this.#database));
      this.#isStarted = true;
    });
  }

  /** Lets calls under way finish and closes the database. */
  close(): Promise<void> {
    return this.#step(async () => {
      this.#isStarted = false;
      await this.#database.close();
    });
  }

  /**
   * Brings the schema up to date, started or not. Repeatable.
   * Errors: as `start`.
   */
  migrate(): Promise<Migration> {
    return this.#briefly(() => migrate(this.#database));
  }

  /** Writes what is there already: a database that is read-only, or whose disk is full, may answer questions all the same. */
  probe(): Promise<void> {
    return this.#database.transaction(async (trx) => {
      await trx("shyim_meta")
        .where({ name: "sync_epoch" })
        .update({ value: trx.ref("value") });
    });
  }

  markRestored(): Promise<SyncEpoch> {
    return this.#database.transaction(markRestored);
  }

  /**
   * The version of the schema in the database, started or not; 0 without our tables. Changes nothing but that a missing file is made.
   * Errors: `unavailable` when it cannot be opened, `operation_failed` when it turns us away.
   */
  schemaVersion(): Promise<number> {
    return this.#briefly(() => this.#database.read(readSchemaVersion));
  }

  /**
   * Writes a consistent copy of the file to `target`, which must not exist yet, also while others write, whatever the version of
   * its schema, started or not. It stops this process while it copies (a second for some 100 MB), so a server had better
   * leave it to `npx shyim backup`.
   * Errors: `operation_failed` when the copy cannot be written, and for a database server, which has tools of its own;
   * `unavailable` when the database cannot be opened.
   */
  async backUp(target: string): Promise<void> {
    if (this.isShared) throw notOurs();
    return this.#briefly(async () => {
      await this.#database.read(readSchemaVersion);
      await this.#copy(target);
    });
  }

  async #copy(target: string): Promise<void> {
    try {
      await this.#database.read((db) => db.raw("vacuum into ?", [target]));
    } catch (error) {
      throw isImError(error, "busy") ? error : cannotCopy(target, error);
    }
  }

  /** What `work` gives on a database that is opened for it, unless it is open anyway. */
  #briefly<T>(work: () => Promise<T>): Promise<T> {
    return this.#step(async () => {
      const result = await this.#open(work);
      if (!this.#isStarted) await this.#database.close();
      return result;
    });
  }

  /** What `work` gives on an open database. When it fails, the database is closed again. */
  async #open<T>(work: () => Promise<T>): Promise<T> {
    this.#openPool();
    try {
      return await work();
    } catch (error) {
      if (!this.#isStarted) await this.#database.close();
      throw isImError(error, "unavailable") ? cannotOpen(this.#setup, error) : error;
    }
  }

  /** knex looks for the package of a client when the pool is made. */
  #openPool(): void {
    try {
      this.#database.open();
    } catch (cause) {
      if (isImError(cause)) throw cause;
      throw cannotLoad(this.#setup, cause);
    }
  }

  #step<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#lastStep.then(step);
    this.#lastStep = result.catch(() => {});
    return result;
  }
}

/**
 * Everything durable in one SQLite file, or in a database server that any number of processes share: an ACKed message survives
 * `kill -9` and, with `synchronous: "FULL"`, a power cut. Nothing is opened before `start`.
 * Errors: one `invalid_argument` that lists every problem with the options.
 */
export function knexStorage(options: KnexStorageOptions): KnexStorage {
  assertOptions(options);
  return new KnexStorage(options);
}

function cannotCopy(target: string, error: unknown): ImError {
  const message = `cannot write the copy ${target}: ${reasonOf(error)}. It must be a new file in a folder this process may write to`;
  return new ImError("operation_failed", { message, cause: error });
}

/** Two addresses of one name that both refuse are one error without words of its own. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (error instanceof AggregateError && message === "") return error.errors.map(reasonOf).join(", ");
  return cause instanceof Error ? reasonOf(cause) : message;
}

/** `unavailable` may pass by itself: who shares the storage with others tries it again. */
function cannotOpen({ place, advice, dialect }: Setup, error: ImError): ImError {
  return new ImError(dialect.turnsAway(error.cause) ? "operation_failed" : "unavailable", {
    message: `cannot open ${place}: ${reasonOf(error)}. ${advice}`,
    cause: error.cause,
  });
}

function cannotLoad({ client }: Setup, cause: unknown): ImError {
  const message = `the package of the client "${client}" cannot be loaded: npm install ${client} (${reasonOf(cause)})`;
  return new ImError("operation_failed", { message, cause });
}

function notOurs(): ImError {
  const message = "a database server is backed up with its own tools (mariadb-dump, pg_dump); see docs/storage.md";
  return new ImError("operation_failed", { message });
}
