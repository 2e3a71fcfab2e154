import type { Knex } from "knex";
import type { WireCode } from "../../../core/errors.js";
import { ImError, isImError } from "../../../core/errors.js";
import { decideBatch } from "../../contracts/decide-batch.js";
import type { PendingCommit, PendingLimit, PendingSends, Uplink } from "../../contracts/index.js";
import { assertBindings } from "../bindings.js";
import type { Database } from "../database.js";
import type { Dialect } from "../dialect.js";
import { commitBatch } from "../messages/commit-batch.js";
import { readFacts } from "../messages/commit-facts.js";
import { lockingTransaction } from "../messages/conversation-rows.js";
import { readEpoch } from "../meta.js";
import { assertTransaction } from "./application-transaction.js";
import { type PendingRow, pendingRowOf, uplinkOf } from "./pending-row.js";

/** Messages put down in an application's own transaction, on their way into the inboxes. */
export class KnexPendingSends implements PendingSends {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async write(transaction: unknown, uplink: Uplink): Promise<{ readonly settled: Promise<unknown> }> {
    this.#database.assertOpen();
    assertTransaction(transaction);
    await this.#assertSameDatabase(transaction);
    try {
      if (await this.#mustBeStored(transaction, uplink)) await insert(transaction, uplink);
    } catch (error) {
      throw this.#translate(error);
    }
    return { settled: settledOf(transaction) };
  }

  async commit({ maxUplinks, refuse }: PendingLimit): Promise<PendingCommit | null> {
    // A look without a lock first: nothing waits most of the time, and a transaction for writing is not free.
    const first = await this.#database.read((db) => db("shyim_pending_send").select("row_id").first());
    if (first === undefined) return null;
    return lockingTransaction(this.#database, (trx) => this.#deliver(trx, maxUplinks, refuse));
  }

  /** By the name of the history, which no other database has. Errors: `invalid_argument`. */
  async #assertSameDatabase(transaction: Knex.Transaction): Promise<void> {
    const epoch = await this.#database.read(readEpoch);
    const other = await readEpoch(transaction).catch((cause: unknown) => ({ cause }));
    if (other === epoch) return;
    const message = "transaction must be on the database the chat is in; this one is on another, or cannot read it";
    throw new ImError("invalid_argument", { message, ...(typeof other === "object" && other) });
  }

  /** By the rules of the commit, on what the application's transaction sees. Errors: the code of a refusal. */
  async #mustBeStored(trx: Knex, uplink: Uplink): Promise<boolean> {
    const facts = await readFacts(trx, [uplink], "look");
    const [decision] = decideBatch(facts, [uplink], { maxUplinks: 1, maxInboxRows: 1 });
    if (decision?.kind === "refuse" || decision?.kind === "refused") throw new ImError(decision.code);
    return decision?.kind === "accept";
  }

  /** Takes the oldest, commits them, deletes those that were decided: one transaction, so all of it or nothing. */
  async #deliver(
    trx: Knex.Transaction,
    maxUplinks: number,
    refuse: WireCode | undefined,
  ): Promise<PendingCommit | null> {
    const { dialect } = this.#database;
    const rows = await takeRows(trx, dialect, maxUplinks);
    if (rows.length === 0) return null;
    const uplinks = rows.map((row) => (refuse === undefined ? uplinkOf(row) : { ...uplinkOf(row), refuse }));
    const limit = { maxUplinks, maxInboxRows: dialect.maxInboxRows };
    const { syncEpoch, outcomes } = await commitBatch(trx, dialect, uplinks, limit);
    const done = rows.slice(0, outcomes.length).map(({ row_id }) => row_id);
    await trx("shyim_pending_send").whereIn("row_id", done).delete();
    return { syncEpoch, outcomes, uplinks: uplinks.slice(0, outcomes.length) };
  }

  #translate(error: unknown): unknown {
    if (isImError(error)) return error;
    if (this.#database.dialect.troubleOf(error) === "locked") {
      const message = "the transaction could not write, since another one does: roll it back and run it again";
      return new ImError("busy", { message, cause: error });
    }
    const message =
      "the message could not be put into the transaction: is it one of knex, still open, on the database the chat is in?";
    return new ImError("operation_failed", { message, cause: error });
  }
}

/** The oldest ones, as many as a commit takes; one in any case, however large. */
async function takeRows(trx: Knex, { isShared, commitLimits }: Dialect, maxUplinks: number): Promise<PendingRow[]> {
  const query = trx("shyim_pending_send")
    .select("row_id", trx.raw("length(content) as bytes"))
    .orderBy("row_id")
    .limit(maxUplinks)
    .forUpdate();
  const sizes: { row_id: number; bytes: number }[] = await (isShared ? query.skipLocked() : query);
  let bytes = 0;
  const taken = sizes.filter((row, index) => {
    bytes += Number(row.bytes);
    return index === 0 || bytes <= commitLimits.maxBytes;
  });
  return trx("shyim_pending_send")
    .whereIn(
      "row_id",
      taken.map(({ row_id }) => row_id),
    )
    .orderBy("row_id");
}

async function insert(trx: Knex, uplink: Uplink): Promise<void> {
  const row = pendingRowOf(uplink);
  // The application's knex is not ours, so the boundary of ours does not see this statement.
  assertBindings(Object.values(row));
  await trx("shyim_pending_send").insert(row);
}

/** Resolves when the transaction, the outermost one of a savepoint, has ended in either way. */
function settledOf(transaction: Knex.Transaction): Promise<unknown> {
  const { parentTransaction } = transaction as Knex.Transaction & { readonly parentTransaction?: Knex.Transaction };
  if (parentTransaction !== undefined) return settledOf(parentTransaction);
  return Promise.resolve(transaction.executionPromise).then(
    () => {},
    () => {},
  );
}
