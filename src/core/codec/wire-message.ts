/** Both directions of the message itself. Fields are named one by one: copying the rest of an object is slow. */

import { MESSAGE } from "./messages.js";
import { idOf, wireNumberOf, wireTextOf } from "./wire-id.js";

/** A pb Message of either direction, ids joined. What a side does not say is 0, `""` or empty. */
export interface WireMessage {
  readonly sessionType: number;
  readonly receiver: string;
  readonly sender: string;
  readonly type: number;
  readonly content: Uint8Array;
  readonly sendTime: number;
  /** Hex digits. */
  readonly messageId: string;
  readonly conversationSeq: number;
  readonly clientTime: number;
  readonly seq: number;
}

/** The bytes of a Message; a `seq` other than 0 stands last. */
export function encodeWireMessage(message: WireMessage): Uint8Array {
  const { receiver, sender } = message;
  return MESSAGE.write({
    sessionType: message.sessionType,
    receiverNumber: wireNumberOf(receiver),
    senderNumber: wireNumberOf(sender),
    type: message.type,
    content: message.content,
    sendTime: message.sendTime,
    senderText: wireTextOf(sender),
    receiverText: wireTextOf(receiver),
    messageId: message.messageId,
    conversationSeq: message.conversationSeq,
    clientTime: message.clientTime,
    seq: message.seq,
  });
}

/** Reads a Message. Throws `invalid_argument` for an id in both its fields. */
export function decodeWireMessage(input: Uint8Array): WireMessage {
  const read = MESSAGE.read(input);
  return {
    sessionType: read.sessionType,
    receiver: idOf(read.receiverNumber, read.receiverText),
    sender: idOf(read.senderNumber, read.senderText),
    type: read.type,
    content: read.content,
    sendTime: read.sendTime,
    messageId: read.messageId,
    conversationSeq: read.conversationSeq,
    clientTime: read.clientTime,
    seq: read.seq,
  };
}
