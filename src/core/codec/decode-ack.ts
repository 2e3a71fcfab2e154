import { ImError, WIRE_OK, wireCodeName } from "../errors.js";
import type { LoginAckFrame, NackFrame, UplinkAckFrame } from "../frames.js";
import { ACK_MSG, type Output } from "./messages.js";
import { ACK } from "./proto-numbers.js";

/** Reads a CT_ACK of the server; `null` for a kind of acknowledgement nobody here knows. */
export function decodeAck({ code, text, data }: Output): LoginAckFrame | UplinkAckFrame | NackFrame | null {
  const { type, messageId, clientId, seq, syncEpoch, serverTime, retryAfterMs, ...login } = ACK_MSG.read(data);
  switch (type) {
    case ACK.nack:
      return { kind: "nack", clientId, code: wireCodeName(code), text, retryAfterMs, syncEpoch };
    case ACK.up:
      assertSuccess(code);
      assertDigits(messageId, [32]);
      return { kind: "uplink_ack", clientId, seq, messageId, serverTime, syncEpoch };
    case ACK.login:
      assertSuccess(code);
      assertDigits(messageId, [0, 16]);
      return { kind: "login_ack", ...login, seq, syncEpoch, serverTime, origin: messageId };
    default:
      return null;
  }
}

/** A failure must not pass for success: a message would be taken for stored. */
function assertSuccess(code: number): void {
  if (code === WIRE_OK) return;
  throw new ImError("invalid_argument", { message: `ACKMsg says success, but Output.code is ${code}` });
}

function assertDigits(hex: string, lengths: readonly number[]): void {
  if (lengths.includes(hex.length)) return;
  throw new ImError("invalid_argument", { message: `ACKMsg has a message_id of ${hex.length / 2} bytes` });
}
