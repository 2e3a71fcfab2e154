/**
 * The nouns of the library. Ids are strings, numbers are safe integers, bytes are `Uint8Array`:
 * no 64-bit type and no database type ever leaves its adapter.
 */

import { ImError } from "./errors.js";

/** A user: 1–64 printable ASCII characters without space (0x21–0x7E). Compared byte by byte. */
export type UserId = string;

/** A group: same alphabet as {@link UserId}. */
export type GroupId = string;

/** A position in one inbox: 1, 2, 3 … without holes. 0 means "before the first". Safe integer. */
export type Seq = number;

/** 32 lower-case hex digits: 8 bytes origin followed by 8 bytes client id (big endian). */
export type MessageId = string;

/** 16 lower-case hex digits: who composed a message (one user on one installation). */
export type Origin = string;

/** Names one unbroken history of the storage; another value means a backup was restored. */
export type SyncEpoch = string;

/** `s <a> <b>` with a ≤ b for two users (`""` is the system), `g <id>` for a group. */
export type ConversationKey = string;

/** Where a message goes: to one user or to a group. */
export interface Target {
  readonly kind: "single" | "group";
  readonly id: string;
}

/** A message as it is stored, once, whoever receives it. */
export interface Message {
  readonly messageId: MessageId;
  /** The author; `null` when the system speaks. */
  readonly senderId: UserId | null;
  readonly target: Target;
  /** 1 text, 2 picture, 3 voice; 100–999 system items; from 1000 on the application's own. */
  readonly type: number;
  /** Opaque bytes; UTF-8 for type 1. Never interpreted by the server. */
  readonly content: Uint8Array;
  /** Position in the conversation: 1, 2, 3 … */
  readonly conversationSeq: number;
  /** When the server accepted it, ms since 1970. */
  readonly serverTime: number;
  /** What the sender's clock said, ms since 1970. For display only. */
  readonly clientTime: number;
}

/** One message in one inbox. */
export interface InboxItem {
  readonly seq: Seq;
  readonly message: Message;
}

/** Well-known values of {@link Message.type}. */
export const MESSAGE_TYPE = { text: 1, picture: 2, voice: 3 } as const;

/** Longest id of a user or a group, in characters. */
export const MAX_ID_LENGTH = 64;

/** Highest {@link Message.type} accepted: what fits 31 bits of a protobuf enum. */
export const MAX_MESSAGE_TYPE = 0x7fffffff;

/** True for 1–{@link MAX_ID_LENGTH} characters between 0x21 and 0x7E. Linear, no regular expression. */
export function isId(value: unknown): value is string {
  if (typeof value !== "string" || value.length === 0 || value.length > MAX_ID_LENGTH) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return true;
}

/**
 * Throws `invalid_user_id` unless `value` is an id.
 * @param what how the error names the value, for example `to.userId`
 */
export function assertId(value: unknown, what: string): asserts value is string {
  if (isId(value)) return;
  throw new ImError("invalid_user_id", {
    message: `${what} must be 1–${MAX_ID_LENGTH} printable ASCII characters without spaces, got ${describe(value)}`,
  });
}

/** The conversation a message belongs to; it is also the key of order and of the group's mutex. */
export function conversationKey(senderId: UserId | null, target: Target): ConversationKey {
  if (target.kind === "group") return `g ${target.id}`;
  const sender = senderId ?? "";
  return sender < target.id ? `s ${sender} ${target.id}` : `s ${target.id} ${sender}`;
}

/** The origin half of a message id. */
export function originOf(messageId: MessageId): Origin {
  return messageId.slice(0, 16);
}

/** The id of the message that `origin` composed as its `clientId` (a safe integer ≥ 0). */
export function messageIdOf(origin: Origin, clientId: number): MessageId {
  return origin + clientId.toString(16).padStart(16, "0");
}

/**
 * An `invalid_argument` that says what the rule is and what came instead, described safely.
 * @param rule how it should be, for example `name must be a string`
 */
export function invalidArgument(rule: string, received: unknown): ImError {
  return new ImError("invalid_argument", { message: `${rule}, got ${describe(received)}` });
}

/** Short, safe description of a received value for an error text; never more than 80 characters. */
export function describe(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}…` : value);
  }
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
