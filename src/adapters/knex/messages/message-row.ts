import type { ConversationKey, Message, Target, UserId } from "../../../core/model.js";
import { messageIdOf } from "./message-id.js";

/** What an item costs in a page besides its content: ids, numbers and times. */
export const ITEM_OVERHEAD_BYTES = 100;

/** What {@link messageOf} reads of a table or an alias named `message`. */
export const MESSAGE_COLUMNS = `message.id, message.sender_id, message.conversation, message.conversation_seq,
    message.type, message.content, message.server_time, message.client_time`;

/** A stored message as the database gives it. */
export interface MessageRow {
  readonly id: Uint8Array;
  readonly sender_id: UserId | null;
  readonly conversation: ConversationKey;
  readonly conversation_seq: number;
  readonly type: number;
  readonly content: Uint8Array;
  readonly server_time: number;
  readonly client_time: number;
}

/** The message of a row. */
export function messageOf(row: MessageRow): Message {
  return {
    messageId: messageIdOf(row.id),
    senderId: row.sender_id,
    target: targetOf(row.conversation, row.sender_id),
    type: row.type,
    content: plainBytes(row.content),
    conversationSeq: row.conversation_seq,
    serverTime: row.server_time,
    clientTime: row.client_time,
  };
}

/** The other one of a single chat's two, which the sender's id and the key `s <a> <b>` tell. */
function targetOf(conversation: ConversationKey, senderId: UserId | null): Target {
  if (conversation.startsWith("g ")) return { kind: "group", id: conversation.slice(2) };
  const [, a = "", b = ""] = conversation.split(" ");
  return { kind: "single", id: a === (senderId ?? "") ? b : a };
}

/** A Uint8Array and not a Buffer, whatever the driver gave: they print, compare and slice in different ways. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.isBuffer(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : bytes;
}
