/** Any frame either side can say. */

import fc from "fast-check";
import { toHex } from "../../src/core/bytes.js";
import { WIRE_CODES, type WireCode } from "../../src/core/errors.js";
import type { ClientFrame, ServerFrame } from "../../src/core/frames.js";
import type { InboxItem, Message } from "../../src/core/model.js";

const number = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.constantFrom(127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32));
const positive = number.map((value) => Math.max(1, value));
const time = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, -1, 1_700_000_000_000));
const uint32 = fc.nat(2 ** 32 - 1);
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const text = fc.string({ unit: "binary", maxLength: 150 });
const bytes = fc.uint8Array({ maxLength: 300 });
const hex = (length: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(toHex);
const id16 = fc.uint8Array({ minLength: 16, maxLength: 16 });

/** Ids at the edges of the rule that sorts them into numbers and strings. */
export const ID_EDGES = [
  "0",
  "1",
  "007",
  "00",
  "+7",
  "-7",
  "7.0",
  "1e3",
  "0x10",
  "9007199254740991",
  "9007199254740992",
].concat("9007199254740993", "18446744073709551615", "18446744073709551617", "10000000000000000", "٣", "alice");

const id = fc.oneof(
  fc.constantFrom(...ID_EDGES),
  number.map(String),
  fc.string({ minLength: 1 }),
  text.filter(Boolean),
);

/** Anything a client can say. */
export const clientFrames: fc.Arbitrary<ClientFrame> = fc.oneof(
  fc.record({
    kind: fc.constant("login" as const),
    token: text,
    instanceId: fc.option(id16),
    cursor: number,
    cursorMessageId: fc.option(hex(16)),
    syncEpoch: text,
    caps: uint32,
    deviceKind: text,
  }),
  fc.record({
    kind: fc.constant("heartbeat" as const),
    cursor: number,
    headSeq: fc.constant(0),
    serverTime: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant("uplink" as const),
    clientId: positive,
    afterClientId: number,
    sessionType: int32,
    receiver: fc.oneof(id, fc.constant("")),
    sender: fc.oneof(id, fc.constant("")),
    type: int32,
    content: bytes,
    clientTime: time,
  }),
  fc.record({ kind: fc.constant("push_ack" as const), cursor: number }),
  fc.record({ kind: fc.constant("sync" as const), seq: number, limit: uint32, syncEpoch: text }),
  fc.record({ kind: fc.constant("token" as const), token: text }),
);

/** Anything people can have written. */
export const messages: fc.Arbitrary<Message> = fc.record({
  messageId: hex(16),
  senderId: fc.option(id),
  target: fc.record({ kind: fc.constantFrom("single" as const, "group" as const), id }),
  type: int32,
  content: bytes,
  conversationSeq: number,
  serverTime: time,
  clientTime: time,
});

/** A message somewhere in an inbox. */
export const items: fc.Arbitrary<InboxItem> = fc.record({ seq: positive, message: messages });

const codes = fc.constantFrom(...(Object.keys(WIRE_CODES) as WireCode[]));

const goodPages = fc.record({
  kind: fc.constant("sync_page" as const),
  code: fc.constant(null),
  items: fc.array(items, { maxLength: 4 }),
  hasMore: fc.boolean(),
  throughSeq: number,
  headSeq: number,
  floorSeq: number,
  syncEpoch: text,
  reset: fc.boolean(),
});

const failedPages = codes.map((code) => {
  const nothing = { items: [], hasMore: false, throughSeq: 0, headSeq: 0, floorSeq: 0, syncEpoch: "", reset: false };
  return { kind: "sync_page" as const, code, ...nothing };
});

/** Anything a server can say. */
export const serverFrames: fc.Arbitrary<ServerFrame> = fc.oneof(
  fc.record({
    kind: fc.constant("login_ack" as const),
    userId: text,
    seq: number,
    headSeq: number,
    syncEpoch: text,
    serverTime: time,
    heartbeatMs: uint32,
    reset: fc.boolean(),
    origin: fc.oneof(hex(8), fc.constant("")),
  }),
  fc.record({
    kind: fc.constant("uplink_ack" as const),
    clientId: number,
    seq: number,
    messageId: hex(16),
    serverTime: time,
    syncEpoch: text,
  }),
  fc.record({
    kind: fc.constant("nack" as const),
    clientId: number,
    code: codes,
    text: text.filter(Boolean),
    retryAfterMs: uint32,
    syncEpoch: text,
  }),
  fc.record({ kind: fc.constant("push" as const), item: items }),
  goodPages,
  failedPages,
  fc.record({ kind: fc.constant("heartbeat" as const), cursor: fc.constant(0), headSeq: number, serverTime: time }),
  fc.record({ kind: fc.constant("go_away" as const), reconnectAfterMs: uint32 }),
  fc.record({ kind: fc.constant("kick" as const), code: int32, text }),
);
