import { type MessageTypeName, messageText, messageTypeName } from "../core/message-type.js";
import type { InboxItem, Message, UserId } from "../core/model.js";
import { recipientOf } from "../core/recipient.js";
import type { OutboxEntry } from "./contracts.js";
import type { SlotState } from "./conversation-queue.js";
import type { ImMessage, OutboxMessage } from "./im-client.js";

/** An inbox item as the application sees it. */
export function toImMessage({ seq, message }: InboxItem, userId: UserId | null): ImMessage {
  const { messageId, conversationSeq, senderId, serverTime } = message;
  return {
    seq,
    messageId,
    conversationSeq,
    conversation: { kind: message.target.kind, id: conversationId(message, userId) },
    senderId,
    ...body(message),
    sentAt: serverTime,
    own: senderId !== null && senderId === userId,
  };
}

/** An unsettled message as the application sees it. */
export function toOutboxMessage(entry: OutboxEntry, state: SlotState): OutboxMessage {
  return {
    clientId: entry.clientId,
    to: recipientOf(entry.target),
    ...body(entry),
    composedAt: entry.clientTime,
    status: state === "flying" ? "sending" : "waiting",
  };
}

interface Body {
  readonly type: MessageTypeName;
  readonly text?: string;
  readonly content: Uint8Array;
}

function body({ type, content }: { readonly type: number; readonly content: Uint8Array }): Body {
  const text = messageText(type, content);
  return { type: messageTypeName(type), ...(text === undefined ? {} : { text }), content };
}

/** A single conversation is named by the other user, whoever wrote. */
function conversationId({ senderId, target }: Message, userId: UserId | null): string {
  if (target.kind === "group" || senderId === userId) return target.id;
  return senderId ?? "";
}
