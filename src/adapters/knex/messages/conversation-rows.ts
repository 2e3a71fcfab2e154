import type { Knex } from "knex";
import { type ConversationKey, conversationKey, type UserId } from "../../../core/model.js";
import type { Uplink } from "../../contracts/index.js";
import type { Database } from "../database.js";
import type { Dialect } from "../dialect.js";
import { insertRows } from "../insert-rows.js";

/** Thrown out of a transaction that found no row to lock: nothing of it is kept. */
class MissingConversations extends Error {
  override readonly name = "MissingConversations";
  readonly keys: readonly ConversationKey[];

  constructor(keys: readonly ConversationKey[]) {
    super("these conversations have no row yet");
    this.keys = keys;
  }
}

/** Times a transaction is begun again for missing rows; nobody takes rows away, so the second finds them. */
const MAX_ROUNDS = 5;

/**
 * A transaction that locks conversations. A single chat gets its row before its first message, in a transaction of its own: a
 * row that is inserted and locked in one transaction makes deadlocks of everybody who does the same.
 */
export async function lockingTransaction<T>(
  database: Database,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  for (let round = 1; ; round++) {
    const result = await database.transaction((trx) => work(trx).catch(caught));
    if (!(result instanceof MissingConversations)) return result;
    if (round === MAX_ROUNDS) throw result;
    await database.transaction((trx) => insertConversations(trx, database.dialect, result.keys));
  }
}

function caught(error: unknown): MissingConversations {
  if (error instanceof MissingConversations) return error;
  throw error;
}

/** Where others write at the same time, every single chat has to have its row. @param locked those that have */
export function assertRows(
  dialect: Dialect,
  batch: readonly Uplink[],
  locked: { hasRow(conversation: ConversationKey): boolean },
): void {
  if (!dialect.isShared) return;
  const singles = batch.filter(({ target }) => target.kind === "single");
  const missing = singles
    .map(({ senderId, target }) => conversationKey(senderId, target))
    .filter((key) => !locked.hasRow(key));
  if (missing.length > 0) throw new MissingConversations([...new Set(missing)].sort());
}

/** Takes the row of two users' conversation, inside a {@link lockingTransaction}. */
export async function lockPair(trx: Knex, dialect: Dialect, one: UserId, other: UserId): Promise<void> {
  const id = conversationKey(one, { kind: "single", id: other });
  const row = await trx("shyim_conversation").select("seq").where({ id }).first().forUpdate();
  if (dialect.isShared && row === undefined) throw new MissingConversations([id]);
}

async function insertConversations(trx: Knex, dialect: Dialect, keys: readonly ConversationKey[]): Promise<void> {
  const rows = keys.map((key) => [key, 0]);
  await insertRows(trx, dialect, "shyim_conversation", ["id", "seq"], rows, dialect.keepExisting);
}
