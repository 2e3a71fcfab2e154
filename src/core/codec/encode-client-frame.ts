import { toHex } from "../bytes.js";
import type { ClientFrame, LoginFrame, UplinkFrame } from "../frames.js";
import { ACK_MSG, EMPTY_ACK, HEARTBEAT_MSG, INPUT, LOGIN_MSG, SYNC_INPUT_MSG, TOKEN_MSG, UP_MSG } from "./messages.js";
import { ACK, CMD } from "./proto-numbers.js";
import { encodeWireMessage } from "./wire-message.js";

/** One Input: what a client sends as one WebSocket message. Throws `invalid_argument` for a number that is no safe integer. */
export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  switch (frame.kind) {
    case "login":
      return encodeInput(CMD.login, encodeLogin(frame));
    case "heartbeat":
      return encodeInput(CMD.heartbeat, HEARTBEAT_MSG.write(frame));
    case "uplink":
      return encodeInput(CMD.message, encodeUplink(frame));
    case "push_ack":
      return encodeInput(CMD.ack, ACK_MSG.write({ ...EMPTY_ACK, type: ACK.push, seq: frame.cursor }));
    case "sync":
      return encodeInput(CMD.sync, SYNC_INPUT_MSG.write(frame));
    case "token":
      return encodeInput(CMD.token, TOKEN_MSG.write(frame));
  }
}

function encodeInput(type: number, data: Uint8Array): Uint8Array {
  return INPUT.write({ type, data });
}

function encodeLogin(frame: LoginFrame): Uint8Array {
  return LOGIN_MSG.write({
    ...frame,
    instanceId: frame.instanceId === null ? "" : toHex(frame.instanceId),
    cursorMessageId: frame.cursorMessageId ?? "",
  });
}

function encodeUplink(frame: UplinkFrame): Uint8Array {
  const { sessionType, receiver, sender, type, content, clientTime } = frame;
  const unsaid = { sendTime: 0, messageId: "", conversationSeq: 0, seq: 0 };
  const msg = encodeWireMessage({ sessionType, receiver, sender, type, content, clientTime, ...unsaid });
  return UP_MSG.write({ msg, clientId: frame.clientId, afterClientId: frame.afterClientId });
}
