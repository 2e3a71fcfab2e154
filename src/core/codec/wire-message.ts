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
  const { receiver, sender, ...same } = message;
  return MESSAGE.write({
    ...same,
    receiverNumber: wireNumberOf(receiver),
    receiverText: wireTextOf(receiver),
    senderNumber: wireNumberOf(sender),
    senderText: wireTextOf(sender),
  });
}

/** Reads a Message. Throws `invalid_argument` for an id in both its fields. */
export function decodeWireMessage(input: Uint8Array): WireMessage {
  const { receiverNumber, receiverText, senderNumber, senderText, ...same } = MESSAGE.read(input);
  return { ...same, receiver: idOf(receiverNumber, receiverText), sender: idOf(senderNumber, senderText) };
}
