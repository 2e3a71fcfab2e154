import type { WireCode } from "../../core/errors.js";
import type { CommitResult, Uplink } from "./messages.js";

/** How much to take at once. */
export interface PendingLimit {
  readonly maxUplinks: number;
  /** Refuses what is taken with this code instead of storing it: for a record that can never be stored. */
  readonly refuse?: WireCode;
}

/** What a delivery decided: one outcome per uplink, in order. */
export interface PendingCommit extends CommitResult {
  readonly uplinks: readonly Uplink[];
}

/**
 * Messages an application commits together with rows of its own: put down in its transaction, delivered once that has
 * committed. Only for storages that share a database with their application.
 */
export interface PendingSends {
  /**
   * Checks the right to send as of now and puts an uplink down in `transaction`, the application's own. `settled` resolves
   * when that transaction has ended, committed or not. What is stored already under this id is not put down again.
   * Errors: `not_member` and other refusals; `invalid_argument` for what is no open transaction of this database; `busy` when
   * it met a lock; `operation_failed`. Nothing was put down then, and the application rolls back.
   */
  write(transaction: unknown, uplink: Uplink): Promise<{ readonly settled: Promise<unknown> }>;
  /**
   * Takes what waits, oldest first, commits it as any batch and removes it, in one transaction. `null` when nothing waits.
   * Errors: as `MessageStore.commit`.
   */
  commit(limit: PendingLimit): Promise<PendingCommit | null>;
}
