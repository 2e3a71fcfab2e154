import { fromHex } from "../bytes.js";
import { ImError } from "../errors.js";
import type { ClientFrame, LoginFrame, PushAckFrame, UplinkFrame } from "../frames.js";
import { decoding } from "./field-reader.js";
import { ACK_MSG, HEARTBEAT_MSG, INPUT, LOGIN_MSG, SYNC_INPUT_MSG, TOKEN_MSG, UP_MSG } from "./messages.js";
import { ACK, CMD } from "./proto-numbers.js";
import { decodeWireMessage } from "./wire-message.js";

/**
 * Reads one WebSocket message of a client. Nothing in the result shares memory with `input`.
 * Throws `invalid_argument` for anything that is not exactly one well-formed Input of a known type.
 */
export function decodeClientFrame(input: Uint8Array): ClientFrame {
  return decoding("Input", () => {
    const { type, data } = INPUT.read(input);
    switch (type) {
      case CMD.login:
        return decodeLogin(data);
      case CMD.heartbeat:
        return { kind: "heartbeat", cursor: HEARTBEAT_MSG.read(data).cursor, headSeq: 0, serverTime: 0 };
      case CMD.message:
        return decodeUplink(data);
      case CMD.ack:
        return decodePushAck(data);
      case CMD.sync:
        return { kind: "sync", ...SYNC_INPUT_MSG.read(data) };
      case CMD.token:
        return { kind: "token", ...TOKEN_MSG.read(data) };
      default:
        throw refused(`Input has type ${type}, which no client may send to this server`);
    }
  });
}

function decodeLogin(data: Uint8Array): LoginFrame {
  const { instanceId, cursorMessageId, ...same } = LOGIN_MSG.read(data);
  return {
    kind: "login",
    ...same,
    instanceId: instanceId === "" ? null : fromHex(instanceId),
    cursorMessageId: cursorMessageId === "" ? null : cursorMessageId,
  };
}

function decodeUplink(data: Uint8Array): UplinkFrame {
  const { msg, clientId, afterClientId } = UP_MSG.read(data);
  if (msg === null) throw refused("UpMsg has no msg");
  if (clientId === 0) throw refused("UpMsg has no clientId: it must be from 1 to 2^53 - 1");
  const { receiver, sender, sessionType, type, content, sendTime, clientTime } = decodeWireMessage(msg);
  const time = clientTime === 0 ? sendTime : clientTime;
  return { kind: "uplink", clientId, afterClientId, sessionType, receiver, sender, type, content, clientTime: time };
}

function decodePushAck(data: Uint8Array): PushAckFrame {
  const { type, seq } = ACK_MSG.read(data);
  if (type !== ACK.push) throw refused(`ACKMsg has type ${type}: a client acknowledges pushes only (${ACK.push})`);
  return { kind: "push_ack", cursor: seq };
}

function refused(message: string): ImError {
  return new ImError("invalid_argument", { message });
}
