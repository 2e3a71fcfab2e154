/** Small pure functions on bytes; the only place that knows how hex and UTF-8 are written. */

import { util } from "protobufjs/minimal.js";

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Bytes of an even number of hex digits, which the caller has made sure of. */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** UTF-8 of `text`. */
export function encodeText(text: string): Uint8Array {
  const bytes = new Uint8Array(util.utf8.length(text));
  util.utf8.write(text, bytes, 0);
  return bytes;
}

/** The text in UTF-8 `bytes`. */
export function decodeText(bytes: Uint8Array): string {
  return util.utf8.read(bytes, 0, bytes.length);
}

/** `a` followed by `b`, in new memory. */
export function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
