/** The messages of `proto/im.proto` that this version reads or writes, field by field. */

import { bool, bytes, hexOf, int, int32, message, messages, text, uint, uint32, view } from "./field-kinds.js";
import { Schema } from "./schema.js";

const MESSAGE_ID_BYTES = 16;
const ORIGIN_BYTES = 8;

/** Client to server, the envelope. */
export const INPUT = new Schema("Input", { type: [1, int32], data: [2, view] });

/** Server to client, the envelope. */
export const OUTPUT = new Schema("Output", { type: [1, int32], code: [2, int32], text: [3, text], data: [4, view] });

/** An Output as it was read. */
export type Output = ReturnType<typeof OUTPUT.read>;

/** The first thing a client says. */
export const LOGIN_MSG = new Schema("LoginMsg", {
  token: [1, text],
  instanceId: [10, hexOf(0, 16)],
  cursor: [11, uint],
  syncEpoch: [12, text],
  caps: [13, uint32],
  deviceKind: [14, text],
  cursorMessageId: [15, hexOf(0, MESSAGE_ID_BYTES)],
});

/** A fresh token. */
export const TOKEN_MSG = new Schema("TokenMsg", { token: [1, text] });

/** A sign of life, in both directions. */
export const HEARTBEAT_MSG = new Schema("HeartbeatMsg", {
  cursor: [10, uint],
  headSeq: [11, uint],
  serverTime: [12, int],
});

/** The server is about to leave. */
export const GO_AWAY_MSG = new Schema("GoAwayMsg", { reconnectAfterMs: [1, uint32] });

/** Why the close that follows happens. */
export const KICK_MSG = new Schema("KickMsg", { code: [1, int32], text: [2, text] });

/** Both directions. Written without `seq`, which is appended per recipient. */
export const MESSAGE = new Schema("Message", {
  sessionType: [1, int32],
  receiverNumber: [2, uint],
  senderNumber: [3, uint],
  type: [4, int32],
  content: [5, bytes],
  sendTime: [7, int],
  senderText: [10, text],
  receiverText: [11, text],
  messageId: [12, hexOf(0, MESSAGE_ID_BYTES)],
  conversationSeq: [13, uint],
  clientTime: [14, int],
  seq: [6, uint],
});

/** A message on its way in. */
export const UP_MSG = new Schema("UpMsg", { msg: [1, message], clientId: [2, uint], afterClientId: [10, uint] });

/** The next item of an inbox. */
export const PUSH_MSG = new Schema("PushMsg", { msg: [1, message] });

/** An acknowledgement or a refusal, in both directions; which fields count depends on `type`. */
export const ACK_MSG = new Schema("ACKMsg", {
  type: [1, int32],
  clientId: [2, uint],
  seq: [3, uint],
  messageId: [10, hexOf(0, ORIGIN_BYTES, MESSAGE_ID_BYTES)],
  headSeq: [11, uint],
  syncEpoch: [12, text],
  serverTime: [13, int],
  retryAfterMs: [14, uint32],
  userId: [15, text],
  heartbeatMs: [16, uint32],
  reset: [17, bool],
});

/** What an ACKMsg says when nothing is said. */
export const EMPTY_ACK = ACK_MSG.read(new Uint8Array());

/** The legacy client's question for what it missed. */
export const SYNC_INPUT_MSG = new Schema("SyncInputMsg", {
  seq: [1, uint],
  limit: [10, uint32],
  syncEpoch: [11, text],
});

/** The answer to it. */
export const SYNC_OUTPUT_MSG = new Schema("SyncOutputMsg", {
  messages: [1, messages],
  hasMore: [2, bool],
  throughSeq: [10, uint],
  headSeq: [11, uint],
  floorSeq: [12, uint],
  syncEpoch: [13, text],
  reset: [14, bool],
});
