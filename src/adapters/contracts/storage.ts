/**
 * The storage decides everything: what is stored, for whom, in which order. All else only makes things faster.
 * `docs/delivery.md` tells the transaction step by step; `src/testing/conformance/storage.ts` proves an adapter.
 */

import type { SyncEpoch } from "../../core/model.js";
import type { BlockStore, FriendStore, UserStore } from "./accounts.js";
import type { GroupStore } from "./groups.js";
import type { Lifecycle } from "./lifecycle.js";
import type { MessageStore } from "./messages.js";
import type { PendingSends } from "./pending-sends.js";

/** How much the adapter takes at once; the committer forms its batches by it. */
export interface CommitLimits {
  readonly maxUplinks: number;
  readonly maxBytes: number;
  /** Transactions worth running side by side; uplinks of one conversation are never in two. */
  readonly parallel: number;
}

/**
 * Everything durable. Ids are compared byte by byte and never parsed. Texts (names of groups, nicknames, phone numbers,
 * password hashes) are any Unicode: each is stored exactly as given or refused with `invalid_argument`, and then nothing
 * is changed. A storage may refuse NUL, lone surrogates, and what is longer than 100 UTF-16 units (255 for a password
 * hash). No text is ever cut, trimmed, normalised or otherwise altered.
 */
export interface Storage extends Lifecycle {
  readonly commitLimits: CommitLimits;
  /** Whether other processes may write into the same storage. Default: no. */
  readonly isShared?: boolean;
  readonly messages: MessageStore;
  readonly groups: GroupStore;
  readonly users: UserStore;
  readonly friends: FriendStore;
  readonly blocks: BlockStore;
  /** Absent where an application cannot share a transaction with the storage. */
  readonly pendingSends?: PendingSends;
  /**
   * Asks for the least that shows that a commit would go through just now; nothing is changed. Absent where whoever can read can
   * write. Errors: `unavailable`; `busy`.
   */
  probe?(): Promise<void>;
  /**
   * To be called once on a copy put back from a backup, before anyone is served: a new epoch; `baseSeq` becomes the head of
   * each inbox, and from the second time on stays where it is if that is lower (0 for an inbox made in between).
   */
  markRestored(): Promise<SyncEpoch>;
}
