import { ImError } from "../../../core/errors.js";
import type { MessageId } from "../../../core/model.js";
import type { ClientSnapshot, ClientStore, StoreChange } from "../../contracts.js";
import { type ClientDatabase, openClientDatabase } from "./client-database.js";
import { asStoreError, assertIndexedDb } from "./store-errors.js";
import { type StoreLock, takeStoreLock } from "./store-lock.js";
import { databaseNameOf } from "./store-name.js";

/**
 * A store in the browser's IndexedDB: it survives reloads, crashes and restarts. A message in the outbox is sent by the
 * next client with a store of this name, and nothing that was shown is shown again.
 *
 * On the device's disk are, not encrypted: the messages that are not settled, the newest 1,000 own ones (for a server
 * that lost them), where the client stands, and the ids of the newest 20,000 items. What others wrote is *not* kept: an
 * application that shows older messages after a reload asks the server for its history. Forget a user with
 * `deleteIndexedDbStore(name)`.
 *
 * One client at a time uses a store. While it is open in another tab, the client waits (state `waiting`) and tells it as
 * an `error` with the code `busy`; it comes to life by itself after the other was closed. Where the browser has no Web
 * Locks (old ones, and pages that came neither over https nor from this machine) nobody watches: let only one tab
 * connect there.
 *
 * Without IndexedDB (blocked, some private modes, Node) the client waits as well and tells `store_failed`; use
 * `memoryStore()` there.
 * @param name tells the stores of one origin apart: every user needs one of their own. Throws `invalid_argument` unless it is
 * a string that is not empty.
 */
export function indexedDbStore(name: string): ClientStore {
  return new IndexedDbStore(name);
}

class IndexedDbStore implements ClientStore {
  readonly #name: string;
  readonly #databaseName: string;
  #lock: StoreLock | null = null;
  #database: ClientDatabase | null = null;
  /** Ends with the last `load` or `close`: they take turns, so a `close` finds all that a `load` before it has taken. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(name: string) {
    this.#databaseName = databaseNameOf(name);
    this.#name = name;
  }

  load(): Promise<ClientSnapshot | null> {
    return this.#inTurn(() => this.#load());
  }

  async apply(change: StoreChange): Promise<void> {
    const database = this.#assertOpen();
    return database.write(change).catch((cause) => this.#fail("be written", cause));
  }

  async known(messageIds: readonly MessageId[]): Promise<ReadonlySet<MessageId>> {
    const database = this.#assertOpen();
    return database.known(messageIds).catch((cause) => this.#fail("be read", cause));
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#giveBack());
  }

  /** Also the way back to a database that was closed under us: the lock is still held then. */
  async #load(): Promise<ClientSnapshot | null> {
    try {
      assertIndexedDb();
      this.#lock ??= await takeStoreLock(this.#name);
      if (this.#database?.isOpen !== true) this.#database = await openClientDatabase(this.#databaseName);
      return await this.#database.read();
    } catch (cause) {
      await this.#giveBack();
      return this.#fail("be opened", cause);
    }
  }

  /** Whoever takes the lock next finds everything saved and nobody in the database. */
  async #giveBack(): Promise<void> {
    const [database, lock] = [this.#database, this.#lock];
    this.#database = null;
    this.#lock = null;
    await database?.close();
    await lock?.release();
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => {});
    return result;
  }

  #assertOpen(): ClientDatabase {
    if (this.#database?.isOpen === true) return this.#database;
    const message =
      this.#database === null
        ? "call load() before anything else on a store"
        : "the database was closed by the browser or by another tab; call load() to go on";
    throw new ImError("unavailable", { message });
  }

  #fail(what: string, cause: unknown): never {
    throw asStoreError(this.#name, what, cause);
  }
}
