import type { Outcome } from "../../adapters/contracts/index.js";
import type { MessageId, Seq, SyncEpoch, UserId } from "../../core/model.js";

/** An inbox reaches to `seq`. The content is not here: whoever hears it reads it from the storage, so nobody can forge it. */
export interface News {
  readonly userId: UserId;
  readonly seq: Seq;
}

/** What became of an uplink that another node has accepted. */
export interface OutcomeNotice {
  readonly messageId: MessageId;
  readonly syncEpoch: SyncEpoch;
  /** As the sender needs it: nothing is fresh to it. */
  readonly outcome: Outcome;
}

/** One connection of the hearing node is to be ended. */
export interface KickNotice {
  readonly userId: UserId;
  readonly connection: number;
  readonly code: number;
  readonly text: string;
  /**
   * Only if it was opened at least so long ago, ms; 0: in any case. A login that was held up does not end what its own
   * installation has begun since on another node: nobody waits for it, but who is replaced stays away for good.
   */
  readonly olderThanMs: number;
}

/** Every session of a user is to be ended. */
export interface Dismissal {
  readonly userId: UserId;
  readonly reason: string;
  /** Only those opened at least so long ago, ms: the order may have waited, and whoever signed in since was let in in spite of it. */
  readonly olderThanMs: number;
}

/** What one node tells another at once. */
export interface NoticeBatch {
  /** Of the news. */
  readonly syncEpoch: SyncEpoch;
  readonly news: readonly News[];
  readonly outcomes: readonly OutcomeNotice[];
  readonly kicks: readonly KickNotice[];
  readonly dismissals: readonly Dismissal[];
  /** Whose tokens may have been revoked: their sessions are to be asked about at once. */
  readonly rechecks: readonly UserId[];
}
