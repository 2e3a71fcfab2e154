/** Messages and inboxes: what comes in, what is decided about it, what is read again. */

import type { WireCode } from "../../core/errors.js";
import type { InboxItem, Message, MessageId, Seq, SyncEpoch, Target, UserId } from "../../core/model.js";

/** A message on its way in, complete and well-formed: ids are valid, sizes within the limits. */
export interface Uplink {
  /** The key of everything that must happen once. */
  readonly messageId: MessageId;
  /** The message of this conversation that must be stored (or accepted earlier in the batch) first; `null` for none. */
  readonly afterId: MessageId | null;
  /** The session's user; `null` when the system speaks: no own copy, no membership needed. */
  readonly senderId: UserId | null;
  readonly target: Target;
  readonly type: number;
  readonly content: Uint8Array;
  readonly clientTime: number;
  /** Server's clock when it was accepted, ms since 1970. Stored with the message if this copy is the one that counts. */
  readonly serverTime: number;
  /** Epoch the sender's session signed in under; `null` for a send of the server itself, which has no cursor. */
  readonly syncEpoch: SyncEpoch | null;
  /** What a rule outside the storage decided (hook, unknown receiver); applied after the key was looked up. */
  readonly refuse: WireCode | null;
}

/** What is said about a stored message. Equal for every repeat of its id. */
export interface Receipt {
  readonly messageId: MessageId;
  /** Seq of the sender's own copy; 0 when the system spoke. */
  readonly senderSeq: Seq;
  readonly conversationSeq: number;
  readonly serverTime: number;
}

/** The number one recipient's inbox gave to a new message. */
export interface Delivery {
  readonly userId: UserId;
  readonly seq: Seq;
}

/** What the transaction decided about one uplink. */
export type Outcome =
  /** Stored, now or before. `fresh` is there only for the commit that stored it: what to tell the recipients. */
  | {
      readonly kind: "stored";
      readonly receipt: Receipt;
      readonly fresh: { readonly message: Message; readonly deliveries: readonly Delivery[] } | null;
    }
  /** Refused for good; a tombstone makes every later copy get the same answer. */
  | { readonly kind: "refused"; readonly code: WireCode }
  /** Its predecessor is not stored; nothing was written. Retryable. */
  | { readonly kind: "out_of_order" }
  /** It belongs to another epoch; not judged, nothing was written. */
  | { readonly kind: "stale" };

/** Result of one commit. */
export interface CommitResult {
  readonly syncEpoch: SyncEpoch;
  /** One per uplink, in order, for a non-empty prefix of the batch; the caller brings the rest again. */
  readonly outcomes: readonly Outcome[];
}

/** A stretch of one inbox, read in one statement together with what it is measured against. */
export interface InboxPage {
  /** Adjacent items, the first is `after + 1`; cut at the limits and at any hole. */
  readonly items: readonly InboxItem[];
  readonly headSeq: Seq;
  /** Items up to here are gone (0: none; nothing is pruned in this version). */
  readonly floorSeq: Seq;
  /** The lowest head at which a backup was ever restored (0: never); what is above it may have existed differently before. */
  readonly baseSeq: Seq;
  readonly syncEpoch: SyncEpoch;
}

/** Heads of many inboxes. Users without an inbox are absent (head 0). */
export interface Heads {
  readonly syncEpoch: SyncEpoch;
  readonly heads: ReadonlyMap<UserId, Seq>;
}

/** Where to cut a page. At least one item is returned if there is one, however large. */
export interface PageLimit {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** A stretch of one conversation, as one of those who are in it may see it. */
export interface HistoryPage {
  /** Ascending by `conversationSeq`. */
  readonly messages: readonly Message[];
  /** Whether the viewer may see older ones. The next page is the one before the first of these. */
  readonly hasMore: boolean;
}

/** Messages and inboxes. */
export interface MessageStore {
  /**
   * Decides and stores a batch in one transaction, durable before it resolves.
   * Errors: `unavailable` or `busy` — try the same batch again, the outcome is unknown or nothing happened;
   * anything else — a record of the batch can never be stored and nothing was written.
   */
  commit(batch: readonly Uplink[]): Promise<CommitResult>;
  /** Reads what follows `after`. */
  readInbox(userId: UserId, after: Seq, limit: PageLimit): Promise<InboxPage>;
  /** Reads many heads at once. */
  readHeads(userIds: readonly UserId[]): Promise<Heads>;
  /**
   * Reads a conversation backwards: the newest messages below a position, as many as `limit` allows and at least one. Of a
   * group only what lies within the viewer's stays; a stranger gets the same empty page as for a group that does not exist.
   * What the system said to a user alone is no conversation to be read here: it is in the inbox only.
   * @param target a group, or the other user of a single chat
   * @param before the position above the page; 0 for the newest page
   */
  readConversation(viewerId: UserId, target: Target, before: number, limit: PageLimit): Promise<HistoryPage>;
}
