import type { DevicePolicy } from "../../adapters/contracts/index.js";
import { encodeText, toHex } from "../../core/bytes.js";
import type { ErrorCode } from "../../core/errors.js";
import type { ConversationKey, GroupId, InboxItem, MessageId, Seq, SyncEpoch, UserId } from "../../core/model.js";
import { sha256 } from "../fakes/sha256.js";

/** Names one act of composing; it is the first word of the message's text, so every copy can be traced back to it. */
export type OperationId = string;

/** Names one installation of a client (a store), for example `ann/1`. */
export type DeviceId = string;

/** Whose installation it is. */
export function ownerOf(device: DeviceId): UserId {
  return device.slice(0, device.lastIndexOf("/"));
}

/** Names one link between a device and a machine. */
export type LinkId = number;

/** Names one of the machines that serve, from 0. */
export type NodeNumber = number;

/** What a device has, or shows, of one message. */
export interface ShownItem {
  readonly seq: Seq;
  readonly messageId: MessageId;
  readonly conversation: ConversationKey;
  readonly senderId: UserId | null;
  readonly operation: OperationId;
  /** Epoch the seq belongs to; `""` for a legacy client, which knows none. */
  readonly epoch: SyncEpoch;
}

/** Who composed: decides which promises hold. */
export type Author = "sdk" | "legacy" | "server";

/** What happened. Everything the checker knows, it knows from these and from the final storage. */
export type HistoryEntry =
  /** What the servers are told about devices. Without it everybody is let in, and nobody replaced. */
  | { readonly kind: "rules"; readonly policy: DevicePolicy }
  /** A message was submitted. */
  | {
      readonly kind: "invoke";
      readonly operation: OperationId;
      readonly author: Author;
      readonly userId: UserId | null;
      /** The instance, for the order of one sender; `null` for the server itself. */
      readonly device: DeviceId | null;
      readonly conversation: ConversationKey;
      /** False for a server-side send without a key: repeating it makes another message. */
      readonly once: boolean;
      /** The application's rules refuse it. */
      readonly forbidden: boolean;
    }
  /** The sender was told: stored. */
  | {
      readonly kind: "ack";
      readonly operation: OperationId;
      readonly messageId: MessageId;
      /** Seq of the own copy; `null` where the sender is not told. */
      readonly seq: Seq | null;
      /** Place in the conversation, where the sender is told. */
      readonly conversationSeq?: number;
    }
  /** The sender was told: refused for good. */
  | { readonly kind: "refused"; readonly operation: OperationId; readonly code: ErrorCode }
  /** The sender was told that the outcome is unknown, or the process that asked is gone. */
  | { readonly kind: "unknown"; readonly operation: OperationId }
  /** A final answer reached the client on the wire: one for every transmission, all equal. */
  | {
      readonly kind: "answer";
      readonly operation: OperationId;
      readonly device: DeviceId;
      readonly epoch: SyncEpoch;
      /** `null` when refused. */
      readonly messageId: MessageId | null;
      readonly seq: Seq;
      readonly code: ErrorCode | null;
    }
  /** A message left a client on a good line, whichever try it is; an answer of any kind came back on that link. */
  | { readonly kind: "uplink" | "answered"; readonly device: DeviceId; readonly link: LinkId }
  /**
   * A node told the queue that it has taken a record, and the storage had not decided it; that nobody can take one that is an
   * uplink; or (`null`) that it has taken one that nobody can read.
   */
  | { readonly kind: "dropped"; readonly messageId: MessageId | null; readonly node: NodeNumber }
  /** An application was started on a store that holds `saved` (all of it, in order). */
  | {
      readonly kind: "opened";
      readonly device: DeviceId;
      readonly userId: UserId;
      readonly author: Author;
      readonly saved: readonly ShownItem[];
      readonly deviceKind?: string;
    }
  /** An item was handed to the application. */
  | { readonly kind: "shown"; readonly device: DeviceId; readonly userId: UserId; readonly item: ShownItem }
  /** A login was sent, on a link to one of the machines. */
  | { readonly kind: "knocked"; readonly device: DeviceId; readonly link: LinkId; readonly node: NodeNumber }
  /** A login was accepted; on which link, and by which machine, where there are several. */
  | {
      readonly kind: "online";
      readonly device: DeviceId;
      readonly epoch: SyncEpoch;
      readonly link?: LinkId;
      readonly node?: NodeNumber;
    }
  /** The server knows that a link with a login on it is over. */
  | { readonly kind: "left"; readonly device: DeviceId; readonly link: LinkId }
  /** A login was turned down although its token was good. */
  | { readonly kind: "turned_away"; readonly device: DeviceId; readonly code: ErrorCode; readonly link?: LinkId }
  /** A client ended for good, and nobody had asked it to. */
  | { readonly kind: "gave_up"; readonly device: DeviceId; readonly closeCode: number | null; readonly message: string }
  /** The link of a device ended or was disturbed: staleness is not counted before it is online again. */
  | { readonly kind: "offline"; readonly device: DeviceId }
  /** The storage gave an inbox up to `seq`. */
  | { readonly kind: "committed"; readonly userId: UserId; readonly seq: Seq }
  /** A server was told, truly, that there is such an item. */
  | { readonly kind: "hinted"; readonly userId: UserId; readonly seq: Seq; readonly node?: NodeNumber }
  /** Storage or server stopped working properly, or work again: no staleness is counted in between. */
  | { readonly kind: "trouble" | "calm" }
  /** All sessions of a user were ended, because the application asked for it. */
  | { readonly kind: "disconnected"; readonly userId: UserId }
  /**
   * What connects the nodes works from now on, and has for so long that every node knows of every other and the book of
   * sessions is right. A cluster begins in trouble.
   */
  | { readonly kind: "united" }
  /** One node can reach nothing that connects it with the others, and knows; it can again. */
  | { readonly kind: "cut_off" | "reached"; readonly node: NodeNumber }
  /** The book of sessions may hold what is not so; from now on it is kept properly. */
  | { readonly kind: "book_harmed" | "book_kept" }
  /** The accounts take their time; they answer at once. */
  | { readonly kind: "accounts_slow" | "accounts_fair" }
  /** A change of membership was asked for, and acknowledged. */
  | {
      readonly kind: "adding" | "added" | "removing" | "removed";
      readonly groupId: GroupId;
      readonly userId: UserId;
    }
  /** A server process died, is being closed in the ordinary way, was closed, stands still, or goes on. */
  | { readonly kind: "crash" | "draining" | "drained" | "frozen" | "thawed"; readonly node?: NodeNumber }
  /** A backup was taken; the storage was replaced by the last backup. */
  | { readonly kind: "copied" }
  | { readonly kind: "restored"; readonly epoch: SyncEpoch }
  /** What the plan of the schedule does, for people who read the history. */
  | { readonly kind: "note"; readonly text: string }
  /** No more faults from here on. */
  | { readonly kind: "healed" }
  /** All is said and done; `problems` says who is not where they should be. */
  | { readonly kind: "quiet"; readonly problems: readonly Problem[] };

/** What is still open when everything should have settled. */
export interface Problem {
  readonly what: "cannot_log_in" | "unsettled" | "behind" | "close_hangs" | "queue_hangs";
  readonly who: string;
}

/** An entry with its place in time. */
export type HistoryEvent = HistoryEntry & {
  /** Virtual ms since the beginning. */
  readonly at: number;
};

/** What the storage holds when all is over. */
export interface FinalState {
  readonly epoch: SyncEpoch;
  readonly inboxes: ReadonlyMap<UserId, readonly InboxItem[]>;
  /** Heads at the last restore; empty without one. */
  readonly baseSeqs: ReadonlyMap<UserId, Seq>;
  readonly stays: ReadonlyMap<GroupId, readonly Stay[]>;
}

/** One stay in a group: messages above `joinedSeq`, up to `leftSeq`. */
export interface Stay {
  readonly userId: UserId;
  readonly joinedSeq: number;
  readonly leftSeq: number | null;
}

/** Writes down what happens, in order. */
export class History {
  readonly #events: HistoryEvent[] = [];
  readonly #elapsed: () => number;

  /** @param elapsed virtual ms since the beginning */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  record(entry: HistoryEntry): void {
    this.#events.push({ ...entry, at: this.#elapsed() });
  }
}

/** SHA-256 in hex over everything that happened: equal for equal runs. */
export function hashHistory(events: readonly HistoryEvent[]): string {
  return toHex(sha256(encodeText(events.map((event) => JSON.stringify(event)).join("\n"))));
}

/** The operation a message belongs to; what a group says about itself is no text, and an operation of its own. */
export function operationOfMessage(messageId: MessageId, text: string | undefined): OperationId {
  return text === undefined ? `notice.${messageId}` : operationOf(text);
}

/** The operation a text belongs to: its first word. */
export function operationOf(text: string): OperationId {
  const end = text.indexOf(" ");
  return end < 0 ? text : text.slice(0, end);
}
