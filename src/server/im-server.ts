import type { Group, Membership, NewGroup, UpgradeSource } from "../adapters/contracts/index.js";
import type { MessageInput, MessageTypeName } from "../core/message-type.js";
import type { GroupId, UserId } from "../core/model.js";
import type { Recipient } from "../core/recipient.js";

/** A stored message as the server's application sees it. */
export interface ServerMessage {
  /** 32 hex digits. */
  readonly messageId: string;
  /** The author; `null` when the system spoke. */
  readonly senderId: UserId | null;
  readonly to: Recipient;
  readonly type: MessageTypeName;
  /** Only for type text. */
  readonly text: string | undefined;
  readonly content: Uint8Array;
  /** Position in the conversation: 1, 2, 3 … */
  readonly conversationSeq: number;
  /** When the server accepted it, ms since 1970. */
  readonly sentAt: number;
}

/** What was being done when something failed. The last two are faults of code, the others usually of the surroundings. */
export type Activity = "commit" | "login" | "read-inbox" | "read-heads" | "sync" | "pending-send" | "hook" | "command";

/** Something inside failed; the server went on. */
export interface Failure {
  readonly during: Activity;
  /** For a message that was refused, an `ImError` with the code of the refusal. */
  readonly error: unknown;
  /** Only where one message was given up: a `pending-send` that was refused when its transaction had committed. */
  readonly messageId?: string;
}

/** What the server tells. A listener that throws hurts nobody; its error is logged. */
export interface ImServerEvents {
  /** A message was stored, once per message, on the node that stored it. */
  message: { readonly message: ServerMessage };
  /** A user's first device signed in on this node. */
  online: { readonly userId: UserId };
  /** A user's last device on this node is gone. */
  offline: { readonly userId: UserId };
  /** Something inside failed. */
  failed: Failure;
}

/** A message the server itself sends. */
export type ServerSend = MessageInput & {
  readonly to: Recipient;
  /** Speaks as this user, with all rules and an own copy. Without it the system speaks: no sender, no rules, no own copy. */
  readonly from?: UserId;
  /** Makes a repeated call the same message (per `from`), 1–200 characters. Without it each call is a new one. */
  readonly key?: string;
};

/** A message the server sent. */
export interface ServerReceipt {
  readonly messageId: string;
  readonly conversationSeq: number;
  /** ms since 1970. */
  readonly sentAt: number;
}

/** How to send. */
export interface ServerSendOptions {
  /**
   * An open transaction of knex on the database the storage is in: the message is stored if and only if it commits, together
   * with the application's own rows. Await the send before you commit.
   */
  readonly transaction: object;
}

/** A message that was put down in a transaction and is delivered when that has committed. */
export interface PendingReceipt {
  readonly messageId: string;
}

/** Sending from the server's side. */
export interface ServerMessages {
  /**
   * Resolves when the message is stored.
   * Errors: `invalid_argument`, `invalid_user_id`, `too_large` for the call; `not_member`, `not_found` and what hooks throw as
   * refusals; `busy` when the outcome is unknown — repeat it with the same `key`; `unavailable` unless the server runs.
   */
  send(message: ServerSend): Promise<ServerReceipt>;
  /**
   * Resolves when the message is put down in `transaction`. Rights are checked now and again at the delivery: one that was
   * lost in between is told as `failed` with the message's id, and the message is stored nowhere. After a rollback there is neither.
   * Errors: as without a transaction, refusals included, and then nothing was put down; `invalid_argument` where the storage
   * takes no transactions or for one that has ended; `busy` when it met a lock: roll back and try again.
   */
  send(message: ServerSend, options: ServerSendOptions): Promise<PendingReceipt>;
}

/** Sessions on this node. */
export interface ServerSessions {
  /** Ends every session of a user with close 4410. `reason` is shown to the user. Returns how many there were. */
  disconnect(userId: UserId, options?: { readonly reason?: string }): Promise<number>;
}

/** Groups, without rules about who may do what: those are the application's. */
export interface ServerGroups {
  /** Errors: `invalid_argument`, `invalid_user_id`; `too_large` above `limits.maxGroupMembers`; `add_failed` when the id is taken. */
  create(group: NewGroup): Promise<Group>;
  /** Adds users; who is in stays as they are. Returns how many came. Errors: `not_found`, `too_large`, `invalid_user_id`. */
  add(groupId: GroupId, userIds: readonly UserId[]): Promise<number>;
  /** When this has resolved, nothing sent later reaches the user. False when they were no member. Errors: `not_found`. */
  remove(groupId: GroupId, userId: UserId): Promise<boolean>;
  /** Who is in now. Errors: `not_found`. */
  members(groupId: GroupId): Promise<readonly Membership[]>;
}

/** Where a server listens. */
export interface Listening {
  /** For clients, for example `ws://localhost:8080/ws`. */
  readonly url: string;
  readonly port: number;
}

/** A chat server inside your process. */
export interface ImServer {
  readonly messages: ServerMessages;
  readonly sessions: ServerSessions;
  readonly groups: ServerGroups;
  /** Calls `listener` on every `event`. Returns the function that stops it. */
  on<Name extends keyof ImServerEvents>(event: Name, listener: (event: ImServerEvents[Name]) => void): () => void;
  /**
   * Takes over the upgrades at the transport's path of an http server you have. Every other request is left alone, and other
   * upgrades too if anybody else listens for them; while nobody does, they are answered 404.
   */
  attach(server: UpgradeSource): void;
  /** Opens the storage and begins to serve. Repeatable. Errors: `unavailable` after `close`. */
  start(): Promise<void>;
  /** Opens an http server of its own and starts. Port 0 takes a free one; `host` defaults to all addresses. */
  listen(port: number, options?: { readonly host?: string }): Promise<Listening>;
  /**
   * Stops: turns newcomers away, tells every client when to come back, answers what is under way, closes. Ends within `graceMs`
   * (default 10,000); a second call ends at once. Safe at any moment, since an ACK is a commit.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}
