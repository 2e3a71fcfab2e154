import { ImError, isImError } from "../core/errors.js";
import type { MessageId } from "../core/model.js";
import type { ClientSnapshot, ClientStore, StoreChange } from "./contracts.js";
import { Fifo } from "./fifo.js";
import { mergeChanges } from "./merge-changes.js";

/** Most changes saved in one go. */
const MAX_MERGED = 256;

interface Waiting {
  readonly change: StoreChange;
  readonly resolve: () => void;
  readonly reject: (error: ImError) => void;
}

/**
 * The one way to the store: changes are saved one after the other, in the order of the calls. What arrives during a
 * save is saved together with the next. After a failure everything behind it is rejected too, because it was built on
 * what was not saved; then nothing is taken until {@link load} has read the truth again.
 */
export class Journal {
  readonly #store: ClientStore;
  readonly #onFailed: (error: ImError) => void;
  readonly #queue = new Fifo<Waiting>();
  #running: Promise<void> | null = null;
  #failure: ImError | null = null;

  /** @param onFailed called once per failure of the store, before anything is rejected */
  constructor(store: ClientStore, onFailed: (error: ImError) => void) {
    this.#store = store;
    this.#onFailed = onFailed;
  }

  /** Reads everything; also the way out of a failure. Rejects with `store_failed`, or `busy` while another client has the store. */
  async load(): Promise<ClientSnapshot | null> {
    await this.#running;
    this.#failure = null;
    return this.#guard("read", () => this.#store.load());
  }

  /** Which of these messages were saved as items before. Rejects with `store_failed`. */
  known(messageIds: readonly MessageId[]): Promise<ReadonlySet<MessageId>> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return this.#guard("read", () => this.#store.known(messageIds));
  }

  /** Saves `change`; resolves when it is saved. Rejects with `store_failed`, and then nothing of it was saved. */
  apply(change: StoreChange): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#queue.push({ change, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Closes the store when the last change is through. Rejects with `store_failed`. */
  async close(): Promise<void> {
    await this.#running;
    await this.#guard("close", () => this.#store.close());
  }

  async #run(): Promise<void> {
    while (this.#queue.size > 0) await this.#saveSome(this.#queue.take(MAX_MERGED));
    this.#running = null;
  }

  async #saveSome(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#guard("write", () => this.#store.apply(mergeChanges(batch.map(({ change }) => change))));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const behind = this.#queue.take(this.#queue.size);
      for (const { reject } of [...batch, ...behind]) reject(error as ImError);
    }
  }

  async #guard<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      const failure = failureOf(what, cause);
      this.#failure = failure;
      this.#onFailed(failure);
      throw failure;
    }
  }
}

/** A store that somebody else has open stays `busy`: an application tells its user something else about it than about a broken one. */
function failureOf(what: string, cause: unknown): ImError {
  if (isImError(cause, "busy")) return new ImError("busy", { message: cause.message, cause });
  const why = isImError(cause) ? `: ${cause.message}` : "";
  return new ImError("store_failed", { message: `the client's store failed to ${what}${why}`, cause });
}
