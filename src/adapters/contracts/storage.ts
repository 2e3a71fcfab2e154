/**
 * The storage decides everything: what is stored, for whom, in which order. All else only makes things faster.
 * `docs/delivery.md` tells the transaction step by step; `src/testing/conformance/storage.ts` proves an adapter.
 */

import type { WireCode } from "../../core/errors.js";
import type { GroupId, InboxItem, Message, MessageId, Seq, SyncEpoch, Target, UserId } from "../../core/model.js";
import type { Lifecycle } from "./lifecycle.js";

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
}

/** Rights inside a group. */
export type GroupRole = "owner" | "admin" | "member";

/** One stay of a user in a group. Somebody who left and came back has two. */
export interface Membership {
  readonly userId: UserId;
  readonly role: GroupRole;
  /** Position of the conversation when the stay began: messages above it are the member's. */
  readonly joinedSeq: number;
  /** Position when it ended (messages up to it are the member's); `null` while it lasts. */
  readonly leftSeq: number | null;
}

/** A group. */
export interface Group {
  readonly id: GroupId;
  readonly name: string;
  readonly ownerId: UserId;
}

/** What a new group starts with. */
export interface NewGroup {
  /** The application's own id; without it the storage hands out the next decimal. */
  readonly id?: GroupId;
  readonly name: string;
  readonly ownerId: UserId;
  /** Besides the owner; repeats count once. */
  readonly memberIds: readonly UserId[];
}

/**
 * Groups and who is in them. A change of membership takes the group's conversation row first, as commits do:
 * when a removal has resolved, nothing committed later reaches the removed user.
 */
export interface GroupStore {
  /** Creates a group. Errors: `add_failed` when the id is taken. */
  create(group: NewGroup): Promise<Group>;
  /** The group, or `null`. */
  find(groupId: GroupId): Promise<Group | null>;
  /**
   * Adds users as `member`; who is in already stays as they are. Returns how many came.
   * Errors: `not_found` for an unknown group; `too_large` when the group would exceed `maxMembers`, and then no one is added.
   */
  add(groupId: GroupId, userIds: readonly UserId[], maxMembers: number): Promise<number>;
  /** Ends the stay of a user. False when there was none. Errors: `not_found` for an unknown group. */
  remove(groupId: GroupId, userId: UserId): Promise<boolean>;
  /** Every stay, ended ones included, in the order of user id and begin. Errors: `not_found` for an unknown group. */
  memberships(groupId: GroupId): Promise<readonly Membership[]>;
}

/** How much the adapter takes at once; the committer forms its batches by it. */
export interface CommitLimits {
  readonly maxUplinks: number;
  readonly maxBytes: number;
  /** Transactions worth running side by side; uplinks of one conversation are never in two. */
  readonly parallel: number;
}

/** Everything durable. */
export interface Storage extends Lifecycle {
  readonly commitLimits: CommitLimits;
  readonly messages: MessageStore;
  readonly groups: GroupStore;
  /**
   * To be called once on a copy put back from a backup, before anyone is served: a new epoch; `baseSeq` becomes the head of
   * each inbox, and from the second time on stays where it is if that is lower (0 for an inbox made in between).
   */
  markRestored(): Promise<SyncEpoch>;
}
