import { decodeText } from "../core/bytes.js";
import { type InboxItem, MESSAGE_TYPE, type Message, type Target, type UserId } from "../core/model.js";
import type { OutboxEntry } from "./contracts.js";
import type { SlotState } from "./conversation-queue.js";
import type { ImMessage, MessageKind, OutboxMessage, SendTarget } from "./im-client.js";

/** An inbox item as the application sees it. */
export function toImMessage({ seq, message }: InboxItem, userId: UserId | null): ImMessage {
  const { messageId, senderId, content, serverTime } = message;
  return {
    seq,
    messageId,
    conversation: { kind: message.target.kind, id: conversationId(message, userId) },
    senderId,
    ...body(message.type, content),
    sentAt: serverTime,
    own: senderId !== null && senderId === userId,
  };
}

/** An unsettled message as the application sees it. */
export function toOutboxMessage(entry: OutboxEntry, state: SlotState): OutboxMessage {
  return {
    clientId: entry.clientId,
    to: toSendTarget(entry.target),
    ...body(entry.type, entry.content),
    composedAt: entry.clientTime,
    status: state === "flying" ? "sending" : "waiting",
  };
}

/** A target as the application writes it. */
export function toSendTarget({ kind, id }: Target): SendTarget {
  return kind === "group" ? { groupId: id } : { userId: id };
}

/** The number of a kind. */
export function typeNumber(kind: MessageKind): number {
  return typeof kind === "number" ? kind : MESSAGE_TYPE[kind];
}

function kindOf(type: number): MessageKind {
  for (const [name, value] of Object.entries(MESSAGE_TYPE)) if (value === type) return name as MessageKind;
  return type;
}

function body(type: number, content: Uint8Array): { type: MessageKind; text?: string; content: Uint8Array } {
  return type === MESSAGE_TYPE.text
    ? { type: "text", text: decodeText(content), content }
    : { type: kindOf(type), content };
}

/** A single conversation is named by the other user, whoever wrote. */
function conversationId({ senderId, target }: Message, userId: UserId | null): string {
  if (target.kind === "group" || senderId === userId) return target.id;
  return senderId ?? "";
}
