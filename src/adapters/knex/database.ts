import { setTimeout as sleep } from "node:timers/promises";
import createKnex, { type Knex } from "knex";
import { ImError, isImError } from "../../core/errors.js";
import { assertBindings } from "./bindings.js";
import type { Dialect } from "./dialect.js";

/** Attempts of a call that meets locks, deadlocks and faster writers of a shared database. */
const MAX_ATTEMPTS = 5;
/** So long a call waits for a lock of somebody else before it gives up, ms: far longer than any commit of ours holds one. */
const LOCK_PATIENCE_MS = 1_000;
const FIRST_PAUSE_MS = 1;
const MAX_PAUSE_MS = 25;

/** knex would print to the console what its callers are told as errors. */
const SILENT = { warn: () => {}, error: () => {}, deprecate: () => {}, debug: () => {} };

/**
 * The door to the database: one pool, opened and closed, with every failure put into our words. While somebody else holds a
 * lock a call is made again by a timer, since a wait inside a synchronous driver would stop the process.
 */
export class Database {
  readonly dialect: Dialect;
  readonly #config: Knex.Config;
  #knex: Knex | null = null;
  /** Calls under way; `close` lets them finish. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(config: Knex.Config, dialect: Dialect) {
    // Errors name failing statements: with their question marks, never with the values.
    this.#config = { ...config, compileSqlOnError: false, log: SILENT };
    this.dialect = dialect;
  }

  /** Opens the pool. Repeatable. */
  open(): void {
    if (this.#knex !== null) return;
    this.#knex = createKnex(this.#config);
    this.#knex.on("query", ({ bindings }: { bindings?: readonly unknown[] }) => assertBindings(bindings));
  }

  /** Turns new calls away, waits for those under way, gives every connection back. Repeatable. */
  async close(): Promise<void> {
    const knex = this.#knex;
    this.#knex = null;
    await Promise.allSettled(this.#underWay);
    await knex?.destroy();
  }

  /** Errors: `unavailable` before `open` and after `close`. */
  assertOpen(): void {
    if (this.#knex === null) throw closed();
  }

  /** Runs statements that need no transaction. Errors: as `transaction`. */
  read<T>(work: (db: Knex) => Promise<T>): Promise<T> {
    return this.#run((knex) => work(knex));
  }

  /**
   * Runs `work` in one transaction: all of it, or nothing. It is run again when somebody else held a lock.
   * Errors: `unavailable` before `open`, after `close` and when the database is away (the outcome is unknown); `busy` when a
   * lock was not to be had; `invalid_argument` for values no database takes; `store_failed` for values this one does not
   * take; what `work` throws.
   */
  transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.#run((knex) => knex.transaction(work));
  }

  #run<T>(work: (knex: Knex) => Promise<T>): Promise<T> {
    if (this.#knex === null) return Promise.reject(closed());
    const call = this.#patiently(this.#knex, work);
    this.#underWay.add(call);
    // The caller gets the failure; this copy of it is nobody's.
    call.catch(() => {}).finally(() => this.#underWay.delete(call));
    return call;
  }

  async #patiently<T>(knex: Knex, work: (knex: Knex) => Promise<T>): Promise<T> {
    const isWorthwhile = this.dialect.isShared ? fewAttempts() : shortWait();
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        return await work(knex);
      } catch (error) {
        if (isImError(error)) throw error;
        if (!this.#mayPass(error) || !isWorthwhile(pauseMs)) throw this.#translate(error);
      }
      await sleep(pauseMs);
    }
  }

  /** Somebody else was in the way. Where others write at the same time, a key may be taken by who was a moment faster. */
  #mayPass(error: unknown): boolean {
    const trouble = this.dialect.troubleOf(error);
    return trouble === "locked" || (trouble === "taken" && this.dialect.isShared);
  }

  #translate(error: unknown): ImError {
    switch (this.dialect.troubleOf(error)) {
      case "locked":
        return new ImError("busy", { message: "another process holds the database's lock", cause: error });
      case "taken":
      case "impossible":
        return new ImError("store_failed", { cause: error });
      case "away":
        return new ImError("unavailable", { message: "the database failed; see the cause", cause: error });
    }
  }
}

/** The server waits for locks itself, for seconds; after a few deadlocks a smaller transaction is the better answer. */
function fewAttempts(): () => boolean {
  let attempts = 1;
  return () => attempts++ < MAX_ATTEMPTS;
}

function shortWait(): (pauseMs: number) => boolean {
  let waitedMs = 0;
  return (pauseMs) => {
    waitedMs += pauseMs;
    return waitedMs <= LOCK_PATIENCE_MS;
  };
}

function closed(): ImError {
  return new ImError("unavailable", { message: "the storage is closed or not started; call start() first" });
}
