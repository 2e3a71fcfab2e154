import { ImError } from "../errors.js";
import type { InboxItem, Message, Target } from "../model.js";
import { SESSION } from "./proto-numbers.js";
import { decodeWireMessage, encodeWireMessage } from "./wire-message.js";

/**
 * A pb Message without its `seq`. Encoded once per message, however many receive it: `encodePush` and sync pages
 * append the recipient's seq to a copy of these bytes, so a message is the same bytes by every way.
 */
export function encodeMessageBody(message: Message): Uint8Array {
  return encodeWireMessage({
    sessionType: SESSION[message.target.kind],
    receiver: message.target.id,
    sender: message.senderId ?? "",
    type: message.type,
    content: message.content,
    sendTime: message.serverTime,
    messageId: message.messageId,
    conversationSeq: message.conversationSeq,
    clientTime: message.clientTime,
    seq: 0,
  });
}

/** Reads a pb Message the server wrote. Throws `invalid_argument` for one without session type, receiver or id. */
export function decodeItem(input: Uint8Array): InboxItem {
  const read = decodeWireMessage(input);
  if (read.receiver === "" || read.messageId === "") {
    throw new ImError("invalid_argument", { message: "Message from the server lacks its receiver or its message_id" });
  }
  const message = {
    messageId: read.messageId,
    senderId: read.sender === "" ? null : read.sender,
    target: { kind: targetKindOf(read.sessionType), id: read.receiver },
    type: read.type,
    content: read.content,
    conversationSeq: read.conversationSeq,
    serverTime: read.sendTime,
    clientTime: read.clientTime,
  };
  return { seq: read.seq, message };
}

function targetKindOf(sessionType: number): Target["kind"] {
  if (sessionType === SESSION.single) return "single";
  if (sessionType === SESSION.group) return "group";
  throw new ImError("invalid_argument", {
    message: `Message from the server has session_type ${sessionType}, expected 1 or 2`,
  });
}
