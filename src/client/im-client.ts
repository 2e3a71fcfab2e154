import type { ImError } from "../core/errors.js";
import type { MessageInput, MessageTypeName } from "../core/message-type.js";
import type { MessageId, Seq, UserId } from "../core/model.js";
import type { Recipient } from "../core/recipient.js";

/** What {@link ImClient.send} takes: a text, or the bytes of another kind. */
export type SendRequest = { readonly to: Recipient } & MessageInput;

/** A message is stored: no fault can lose it any more. */
export interface SendResult {
  readonly messageId: MessageId;
  /** Position of the own copy in the inbox. */
  readonly seq: Seq;
}

/** A message as the application sees it. */
export interface ImMessage {
  /** Position in the inbox: 1, 2, 3 … without holes. */
  readonly seq: Seq;
  /** The same on every device and for every member. */
  readonly messageId: MessageId;
  /**
   * Position in the conversation, the same for every member: 1, 2, 3 … With it messages of this stream and of the server's
   * history (`GET /history`, `conversation_seq`) are put in one order.
   */
  readonly conversationSeq: number;
  /** The other user (`""` for messages of the system) or the group. */
  readonly conversation: { readonly kind: "single" | "group"; readonly id: string };
  /** The author; `null` when the system speaks. */
  readonly senderId: UserId | null;
  readonly type: MessageTypeName;
  /** The text of a text message; absent for other kinds. */
  readonly text?: string;
  readonly content: Uint8Array;
  /** When the server accepted it, ms since 1970. */
  readonly sentAt: number;
  /** Written by this user, on this or another device. */
  readonly own: boolean;
}

/** A message that waits in the outbox. */
export interface OutboxMessage {
  /** Names the message within this installation. */
  readonly clientId: number;
  readonly to: Recipient;
  readonly type: MessageTypeName;
  /** The text of a text message; absent for other kinds. */
  readonly text?: string;
  readonly content: Uint8Array;
  /** ms since 1970 by this device's clock. */
  readonly composedAt: number;
  /** `sending` while an answer of the server is awaited. */
  readonly status: "waiting" | "sending";
}

/** A message of the outbox is stored. */
export interface SentEvent extends SendResult {
  readonly clientId: number;
  readonly to: Recipient;
}

/** A message of the outbox was refused for good, or given up after `sendTtlMs` (code `expired`). It appears nowhere. */
export interface RefusedEvent {
  readonly message: OutboxMessage;
  readonly error: ImError;
}

/** It is over for good. */
export interface ClosedState {
  readonly name: "closed";
  /** Why: `closed` by `close()`, by a newer login or by the server; `unauthenticated`; `forbidden`; … */
  readonly error: ImError;
  /** The close code of the server (4409 replaced, 4410 kicked, …); `null` when the client decided by itself. */
  readonly closeCode: number | null;
}

/** What the client is doing. */
export type ClientState =
  /** Before {@link ImClient.connect}. */
  | { readonly name: "offline" }
  /** Try number `attempt` since the last login. */
  | { readonly name: "connecting"; readonly attempt: number }
  /** Signed in, catching up with what came meanwhile. */
  | { readonly name: "syncing"; readonly cursor: Seq; readonly head: Seq }
  /** Signed in and up to date. */
  | { readonly name: "online" }
  /** Between two tries. */
  | { readonly name: "waiting"; readonly retryInMs: number; readonly reason: string }
  | ClosedState;

/** What a client tells. */
export interface ClientEvents {
  /** The next message of the inbox: in order, each exactly once, own ones included. It is saved already. */
  message: ImMessage;
  state: ClientState;
  sent: SentEvent;
  refused: RefusedEvent;
  /** The outbox changed; at most once per turn of the event loop. */
  outbox: readonly OutboxMessage[];
  /**
   * Something failed that the client goes on after: the store (`store_failed`; `busy` while it is open in another tab or
   * window), the token callback (what it threw), a listener of the application (`operation_failed`).
   */
  error: ImError;
}

/** One signed-in device. */
export interface ImClient {
  /** The user of this client's store; `null` before its first login. */
  readonly userId: UserId | null;
  readonly state: ClientState;
  /** Messages that are not settled, in the order of composing. Empty until the store was read (first connect or send). */
  readonly outbox: readonly OutboxMessage[];
  /** Resolves with the reason when it is over for good and the store is closed. Never rejects. */
  readonly closed: Promise<ClosedState>;
  /** Calls `listener` on every event from now on. Returns the function that stops it. */
  on<Name extends keyof ClientEvents>(event: Name, listener: (value: ClientEvents[Name]) => void): () => void;
  /**
   * Connects and keeps connected. Resolves when signed in for the first time; network trouble only delays that.
   * Rejects when it is over for good: `unauthenticated`, `forbidden`, `closed`, …
   */
  connect(): Promise<void>;
  /**
   * Hands a message over; also offline, also before `connect()`. Resolves when the server has stored it.
   * Rejects with the refusal (`not_member`, `blocked`, `too_large`, …), `invalid_argument`, `busy` (outbox full, or store
   * open in another tab), `store_failed`, `expired`, or `closed`; after `closed` the message stays in the store, and the
   * next client on that store sends it. A rejection nobody listens to is no unhandled one, `invalid_argument` excepted.
   */
  send(request: SendRequest): Promise<SendResult>;
  /**
   * Says goodbye and closes the store. Unsettled messages stay in the store, their promises reject with `closed`;
   * items that are just being saved are still shown. Repeatable; resolves together with `closed`.
   */
  close(): Promise<void>;
}
