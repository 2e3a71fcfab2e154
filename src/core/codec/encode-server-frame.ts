import { errorText, WIRE_CODES, WIRE_OK, type WireCode } from "../errors.js";
import type { LoginAckFrame, NackFrame, ServerFrame, SyncPageFrame, UplinkAckFrame } from "../frames.js";
import { encodeMessageBody } from "./message.js";
import { ACK_MSG, EMPTY_ACK, GO_AWAY_MSG, HEARTBEAT_MSG, KICK_MSG, OUTPUT, SYNC_OUTPUT_MSG } from "./messages.js";
import { ACK, CMD } from "./proto-numbers.js";
import { encodePush, placeMessage } from "./push.js";

/** One Output, to be put into a batch. Throws `invalid_argument` for a number that is no safe integer. */
export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  switch (frame.kind) {
    case "login_ack":
      return encodeOutput(CMD.ack, encodeLoginAck(frame));
    case "uplink_ack":
      return encodeOutput(CMD.ack, encodeUplinkAck(frame));
    case "nack":
      return encodeFailure(CMD.ack, frame.code, frame.text, encodeNack(frame));
    case "push":
      return encodePush(encodeMessageBody(frame.item.message), frame.item.seq);
    case "sync_page":
      return encodeSyncPage(frame);
    case "heartbeat":
      return encodeOutput(CMD.heartbeat, HEARTBEAT_MSG.write(frame));
    case "go_away":
      return encodeOutput(CMD.goAway, GO_AWAY_MSG.write(frame));
    case "kick":
      return encodeOutput(CMD.kick, KICK_MSG.write(frame));
  }
}

function encodeOutput(type: number, data: Uint8Array): Uint8Array {
  return OUTPUT.write({ type, code: WIRE_OK, text: "", data });
}

function encodeFailure(type: number, code: WireCode, text: string, data: Uint8Array): Uint8Array {
  return OUTPUT.write({ type, code: WIRE_CODES[code], text: text === "" ? errorText(code) : text, data });
}

function encodeLoginAck(frame: LoginAckFrame): Uint8Array {
  return ACK_MSG.write({ ...EMPTY_ACK, ...frame, type: ACK.login, messageId: frame.origin });
}

function encodeUplinkAck({ clientId, seq, messageId, serverTime, syncEpoch }: UplinkAckFrame): Uint8Array {
  return ACK_MSG.write({ ...EMPTY_ACK, type: ACK.up, clientId, seq, messageId, serverTime, syncEpoch });
}

function encodeNack({ clientId, retryAfterMs, syncEpoch }: NackFrame): Uint8Array {
  return ACK_MSG.write({ ...EMPTY_ACK, type: ACK.nack, clientId, retryAfterMs, syncEpoch });
}

function encodeSyncPage(frame: SyncPageFrame): Uint8Array {
  if (frame.code !== null) return encodeFailure(CMD.sync, frame.code, "", new Uint8Array());
  const messages = frame.items.map(({ message, seq }) => placeMessage(encodeMessageBody(message), seq));
  return encodeOutput(CMD.sync, SYNC_OUTPUT_MSG.write({ ...frame, messages }));
}
