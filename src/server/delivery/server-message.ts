import { messageText, messageTypeName } from "../../core/message-type.js";
import type { Message } from "../../core/model.js";
import { recipientOf } from "../../core/recipient.js";
import type { ServerMessage } from "../im-server.js";

/** A stored message as applications see it. */
export function serverMessageOf(message: Message): ServerMessage {
  const { messageId, senderId, target, type, content, conversationSeq, serverTime } = message;
  return {
    messageId,
    senderId,
    to: recipientOf(target),
    type: messageTypeName(type),
    text: messageText(type, content),
    content,
    conversationSeq,
    sentAt: serverTime,
  };
}
