/** The hot path of fan-out: each function makes one allocation and copies bytes. */

import type { Seq } from "../model.js";
import { varintSize, writeVarint } from "./varint.js";

/** Output: type CT_Message, code 200, then the tag of data. */
const OUTPUT_HEAD = [0x08, 0x03, 0x10, 0xc8, 0x01, 0x22] as const;
/** PushMsg.msg, Output batch entries: field 1, bytes. */
const FIRST_BYTES_FIELD = 0x0a;
/** Message.seq: field 6, a number. */
const SEQ_TAG = 0x30;

/** An encoded Output that pushes the message in `body` (from `encodeMessageBody`) as item `seq` (≥ 1) of an inbox. */
export function encodePush(body: Uint8Array, seq: Seq): Uint8Array {
  const messageSize = body.length + 1 + varintSize(seq);
  const pushSize = 1 + varintSize(messageSize) + messageSize;
  const bytes = new Uint8Array(OUTPUT_HEAD.length + varintSize(pushSize) + pushSize);
  bytes.set(OUTPUT_HEAD);
  let at = writeVarint(bytes, OUTPUT_HEAD.length, pushSize);
  bytes[at] = FIRST_BYTES_FIELD;
  at = writeVarint(bytes, at + 1, messageSize);
  writePlaced(bytes, at, body, seq);
  return bytes;
}

/** A pb Message: `body` with its `seq` at the end. The same bytes that stand inside {@link encodePush}. */
export function placeMessage(body: Uint8Array, seq: Seq): Uint8Array {
  const bytes = new Uint8Array(body.length + 1 + varintSize(seq));
  writePlaced(bytes, 0, body, seq);
  return bytes;
}

/** An encoded OutputBatch of encoded Outputs, in their order. `outputs` must not be empty: such a batch is never sent. */
export function encodeBatch(outputs: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const output of outputs) size += 1 + varintSize(output.length) + output.length;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const output of outputs) {
    bytes[at] = FIRST_BYTES_FIELD;
    at = writeVarint(bytes, at + 1, output.length);
    bytes.set(output, at);
    at += output.length;
  }
  return bytes;
}

function writePlaced(bytes: Uint8Array, at: number, body: Uint8Array, seq: Seq): void {
  bytes.set(body, at);
  bytes[at + body.length] = SEQ_TAG;
  writeVarint(bytes, at + body.length + 1, seq);
}
