import type { Knex } from "knex";
import { type BatchLimit, decideBatch } from "../../contracts/decide-batch.js";
import type { CommitResult, Uplink } from "../../contracts/index.js";
import type { Dialect } from "../dialect.js";
import { judgedOf, readFacts } from "./commit-facts.js";
import { assertRows } from "./conversation-rows.js";
import { cutByMembers } from "./cut-batch.js";
import { writeDecisions } from "./write-decisions.js";

/**
 * The transaction that decides everything, for a batch and inside `trx`: lock, read, decide by the rules every storage
 * shares, write. Answers a prefix of the batch, at least one. Nothing is said to anybody before `trx` has committed.
 */
export async function commitBatch(
  trx: Knex.Transaction,
  dialect: Dialect,
  batch: readonly Uplink[],
  limit: BatchLimit,
): Promise<CommitResult> {
  const front = await cutByMembers(trx, batch.slice(0, limit.maxUplinks), limit.maxInboxRows);
  const facts = await readFacts(trx, front, "lock");
  assertRows(dialect, judgedOf(front, facts.syncEpoch), facts);
  const decisions = decideBatch(facts, front, limit);
  const outcomes = await writeDecisions(trx, dialect, facts, decisions);
  return { syncEpoch: facts.syncEpoch, outcomes };
}
