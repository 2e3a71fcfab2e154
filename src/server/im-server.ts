import type { UpgradeSource } from "../adapters/contracts/index.js";
import type { MessageInput, MessageTypeName } from "../core/message-type.js";
import type { UserId } from "../core/model.js";
import type { Recipient } from "../core/recipient.js";
import type { AuditEvent } from "./accounts/audit.js";
import type { AdapterHealth } from "./health/adapter-health.js";
import type { HttpApiOptions } from "./http/http-options.js";
import type { CallOrigin, ConversationPage, ServerFriends, ServerGroups, ServerUsers } from "./im-accounts.js";

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
export type Activity =
  | "commit"
  | "login"
  | "read-inbox"
  | "read-heads"
  | "sync"
  | "pending-send"
  | "recheck"
  | "storage"
  | "hook"
  | "command";

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
  /** Something an audit trail wants to know. */
  audit: AuditEvent;
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
  /**
   * What `viewerId` may see of a conversation: all of a single chat of theirs, and of a group what was said while they were in.
   * Somebody else's conversation is as empty as one that does not exist. Errors: `invalid_argument`, `invalid_user_id`.
   */
  history(viewerId: UserId, to: Recipient, options?: HistoryOptions): Promise<ConversationPage<ServerMessage>>;
}

/** Sessions of users. */
export interface ServerSessions {
  /**
   * Ends every session of a user with close 4410, on every node of a cluster. `reason` is shown to the user. Returns how many
   * there were on this node.
   */
  disconnect(userId: UserId, options?: { readonly reason?: string }): Promise<number>;
}

/** Which stretch of a conversation. */
export interface HistoryOptions {
  /** Only what is below this position; default: the newest. */
  readonly before?: number;
  /** At most so many messages, 1–200. Default 50. A page holds 256 KiB of content at most, and one message in any case. */
  readonly limit?: number;
}

/** Where a server listens. */
export interface Listening {
  /** For clients, for example `ws://localhost:8080/ws`. */
  readonly url: string;
  readonly port: number;
}

/** How to listen. */
export interface ListenOptions {
  /** An address or name of this machine. Default: all addresses. */
  readonly host?: string;
  /** The HTTP API on the same port, or not. Default: with the built-in users yes, with an `auth` of your own no. */
  readonly http?: boolean | HttpApiOptions;
}

/** How a server is. */
export interface ServerHealth {
  /** Whether it can serve: it runs, is not closing, and its storage is up. Made for the readiness check of a load balancer. */
  readonly ready: boolean;
  readonly storage: AdapterHealth;
  /** Of a node in a cluster. While one of these is down messages take longer; the node serves, and stays ready. */
  readonly discovery?: AdapterHealth;
  readonly presence?: AdapterHealth;
  readonly rpc?: AdapterHealth;
  readonly queue?: AdapterHealth;
}

/** A chat server inside your process. */
export interface ImServer {
  readonly messages: ServerMessages;
  readonly sessions: ServerSessions;
  /** The built-in users. With an `auth` of your own every call rejects with `forbidden`. */
  readonly users: ServerUsers;
  readonly friends: ServerFriends;
  readonly groups: ServerGroups;
  /**
   * Who a token belongs to, as for a login over a socket; for HTTP of your own. `expiresAt` is when this server stops accepting
   * it, ms since 1970, which for built-in users is 30 s after the end it was issued with; Infinity for never.
   * Errors: `unauthenticated`; `busy` when nobody can tell just now.
   */
  authenticate(token: string, from?: CallOrigin): Promise<{ readonly userId: UserId; readonly expiresAt: number }>;
  /** Calls `listener` on every `event`. Returns the function that stops it. */
  on<Name extends keyof ImServerEvents>(event: Name, listener: (event: ImServerEvents[Name]) => void): () => void;
  /**
   * Takes over the upgrades at the transport's path of an http server you have. Every other request is left alone, and other
   * upgrades too if anybody else listens for them; while nobody does, they are answered 404.
   */
  attach(server: UpgradeSource): void;
  /** How it is just now, from what is known already: it asks nobody, so it may be called as often as you like. */
  health(): ServerHealth;
  /**
   * Opens the storage and begins to serve. Repeatable. A database server that cannot be reached yet does not keep it from
   * starting: it is tried again every second, and until then `health().ready` is false, messages and logins are answered `busy`.
   * Errors: `unavailable` after `close`; what the storage's `start` rejects with when waiting does not help.
   */
  start(): Promise<void>;
  /** Opens an http server of its own and starts. Port 0 takes a free one. Errors: `operation_failed` when the port cannot be had. */
  listen(port: number, options?: ListenOptions): Promise<Listening>;
  /**
   * Stops: turns newcomers away, tells every client when to come back, answers what is under way, closes. Ends within `graceMs`
   * (default 10,000); a second call ends at once. Safe at any moment, since an ACK is a commit.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}
