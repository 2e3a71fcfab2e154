/** The .proto files as protobufjs itself understands them: the second opinion the codec is measured against. */

import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import type { ClientFrame, ServerFrame } from "../../src/core/frames.js";
import type { InboxItem } from "../../src/core/model.js";

/** Field values under the names of the .proto files; bytes in base64. */
export type Plain = Record<string, unknown>;

const proto = (name: string): string => fileURLToPath(new URL(`../../proto/${name}`, import.meta.url));

/** Loads one of the .proto files. */
export function loadProto(name: string): protobuf.Root {
  return new protobuf.Root().loadSync(proto(name), { keepCase: true });
}

const im = loadProto("im.proto");

/** Encodes by reflection. */
export function reflectEncode(type: string, values: Plain): Uint8Array {
  const message = im.lookupType(`pb.${type}`);
  return message.encode(message.fromObject(values)).finish();
}

/** Decodes by reflection, every field present. */
export function reflectDecode(type: string, bytes: Uint8Array): Plain {
  const message = im.lookupType(`pb.${type}`);
  return message.toObject(message.decode(bytes), { longs: Number, bytes: String, defaults: true });
}

/** Base64 of bytes. */
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const base64OfHex = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
const base64OfText = (text: string): string => Buffer.from(text, "utf8").toString("base64");
/** The bytes of a base64 field. */
export const bytesOf = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(String(value), "base64"));

/** The id rule, said a second time and differently. */
function idFields(name: "receiver" | "sender", id: string): Plain {
  const numeric = /^[1-9][0-9]*$/.test(id) && BigInt(id) < 2n ** 53n;
  return { [`${name}_id`]: numeric ? Number(id) : 0, [name]: numeric ? "" : id };
}

/** What a client's frame should be in the envelope: CmdType, name of the message inside, its values. */
export function plainOfClient(frame: ClientFrame): [cmd: number, type: string, values: Plain] {
  switch (frame.kind) {
    case "login":
      return [1, "LoginMsg", plainLogin(frame)];
    case "heartbeat":
      return [2, "HeartbeatMsg", { cursor: frame.cursor, head_seq: 0, server_time: 0 }];
    case "uplink":
      return [3, "UpMsg", plainUplink(frame)];
    case "push_ack":
      return [4, "ACKMsg", plainAck({ type: 2, seq: frame.cursor })];
    case "sync":
      return [5, "SyncInputMsg", { seq: frame.seq, limit: frame.limit, sync_epoch: frame.syncEpoch }];
    case "token":
      return [8, "TokenMsg", { token: base64OfText(frame.token) }];
  }
}

function plainLogin(frame: ClientFrame & { kind: "login" }): Plain {
  return {
    token: base64OfText(frame.token),
    instance_id: frame.instanceId === null ? "" : base64(frame.instanceId),
    cursor: frame.cursor,
    sync_epoch: frame.syncEpoch,
    caps: frame.caps,
    device_kind: frame.deviceKind,
    cursor_message_id: base64OfHex(frame.cursorMessageId ?? ""),
  };
}

function plainUplink(frame: ClientFrame & { kind: "uplink" }): Plain {
  const msg = {
    session_type: frame.sessionType,
    ...idFields("receiver", frame.receiver),
    ...idFields("sender", frame.sender),
    message_type: frame.type,
    content: base64(frame.content),
    seq: 0,
    send_time: 0,
    message_id: "",
    conversation_seq: 0,
    client_time: frame.clientTime,
  };
  return { msg, clientId: frame.clientId, after_client_id: frame.afterClientId };
}

/** What a server's frame should be in the envelope: CmdType, name of the message inside, its values. */
export function plainOfServer(frame: ServerFrame): [cmd: number, type: string, values: Plain] {
  switch (frame.kind) {
    case "login_ack":
      return [4, "ACKMsg", plainLoginAck(frame)];
    case "uplink_ack":
      return [4, "ACKMsg", plainUplinkAck(frame)];
    case "nack":
      return [4, "ACKMsg", plainNack(frame)];
    case "push":
      return [3, "PushMsg", { msg: plainItem(frame.item) }];
    case "sync_page":
      return [5, "SyncOutputMsg", plainPage(frame)];
    case "heartbeat":
      return [2, "HeartbeatMsg", { cursor: 0, head_seq: frame.headSeq, server_time: frame.serverTime }];
    case "go_away":
      return [6, "GoAwayMsg", { reconnect_after_ms: frame.reconnectAfterMs }];
    case "kick":
      return [7, "KickMsg", { code: frame.code, text: frame.text }];
  }
}

function plainAck(values: Plain): Plain {
  const nothing = { clientId: 0, seq: 0, message_id: "", head_seq: 0, sync_epoch: "", server_time: 0 };
  return { ...nothing, retry_after_ms: 0, user_id: "", heartbeat_ms: 0, reset: false, ...values };
}

function plainLoginAck(frame: ServerFrame & { kind: "login_ack" }): Plain {
  return plainAck({
    type: 3,
    seq: frame.seq,
    message_id: base64OfHex(frame.origin),
    head_seq: frame.headSeq,
    sync_epoch: frame.syncEpoch,
    server_time: frame.serverTime,
    user_id: frame.userId,
    heartbeat_ms: frame.heartbeatMs,
    reset: frame.reset,
  });
}

function plainUplinkAck(frame: ServerFrame & { kind: "uplink_ack" }): Plain {
  const id = { clientId: frame.clientId, message_id: base64OfHex(frame.messageId) };
  return plainAck({ type: 1, ...id, seq: frame.seq, sync_epoch: frame.syncEpoch, server_time: frame.serverTime });
}

function plainNack({ clientId, retryAfterMs, syncEpoch }: ServerFrame & { kind: "nack" }): Plain {
  return plainAck({ type: 4, clientId, retry_after_ms: retryAfterMs, sync_epoch: syncEpoch });
}

/** A pb Message as the server sends it. */
export function plainItem({ seq, message }: InboxItem): Plain {
  return {
    session_type: message.target.kind === "single" ? 1 : 2,
    ...idFields("receiver", message.target.id),
    ...idFields("sender", message.senderId ?? ""),
    message_type: message.type,
    content: base64(message.content),
    seq,
    send_time: message.serverTime,
    message_id: base64OfHex(message.messageId),
    conversation_seq: message.conversationSeq,
    client_time: message.clientTime,
  };
}

function plainPage(frame: ServerFrame & { kind: "sync_page" }): Plain {
  return {
    messages: frame.items.map(plainItem),
    has_more: frame.hasMore,
    through_seq: frame.throughSeq,
    head_seq: frame.headSeq,
    floor_seq: frame.floorSeq,
    sync_epoch: frame.syncEpoch,
    reset: frame.reset,
  };
}
