import { encodeText } from "../bytes.js";
import { ImError } from "../errors.js";
import { WIRE } from "./proto-numbers.js";
import { varintSize, writeVarint } from "./varint.js";

/** Enough for every frame without content. */
const FIRST_BYTES = 192;
/** A number takes at most so many bytes. */
const MAX_VARINT_BYTES = 10;
/** Up to so many characters a text is tried as ASCII first. */
const SHORT_TEXT = 64;

/**
 * Writes the fields of one protobuf message in the order of the calls. A value that is the default (0, false, empty)
 * is not written, as in proto3. Numbers that are no safe integers throw `invalid_argument`: nothing is cut silently.
 */
export class FieldWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #at = 0;

  /** A uint64 up to 2^53 − 1, or a uint32. */
  uint(field: number, value: number): void {
    if (value < 0) throw notWritable(field, value);
    this.int(field, value);
  }

  /** An int64 within ±(2^53 − 1), an int32 or an enum. */
  int(field: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw notWritable(field, value);
    if (value === 0) return;
    this.#tag(field, WIRE.varint, MAX_VARINT_BYTES);
    this.#at = value > 0 ? writeVarint(this.#bytes, this.#at, value) : writeNegative(this.#bytes, this.#at, value);
  }

  /** A bool. */
  bool(field: number, value: boolean): void {
    if (value) this.int(field, 1);
  }

  /** UTF-8; half a surrogate pair becomes U+FFFD, because strict peers refuse a text that contains it. */
  text(field: number, value: string): void {
    if (value === "" || this.#ascii(field, value)) return;
    this.message(field, encodeText(value));
  }

  /** Bytes. */
  bytes(field: number, value: Uint8Array): void {
    if (value.length > 0) this.message(field, value);
  }

  /** A message inside this one; written even when it is empty, because its presence counts. */
  message(field: number, value: Uint8Array): void {
    this.#tag(field, WIRE.bytes, MAX_VARINT_BYTES + value.length);
    this.#at = writeVarint(this.#bytes, this.#at, value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** What was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  /** Writes a short text of ASCII (every id is one) without a detour; false when it is none, and nothing is written. */
  #ascii(field: number, value: string): boolean {
    const { length } = value;
    if (length > SHORT_TEXT) return false;
    const before = this.#at;
    this.#tag(field, WIRE.bytes, 1 + length);
    this.#bytes[this.#at++] = length;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.#at = before;
        return false;
      }
      this.#bytes[this.#at++] = code;
    }
    return true;
  }

  /** Writes a tag, with room for `size` bytes behind it. */
  #tag(field: number, wireType: number, size: number): void {
    const tag = field * 8 + wireType;
    this.#reserve(varintSize(tag) + size);
    this.#at = writeVarint(this.#bytes, this.#at, tag);
  }

  #reserve(size: number): void {
    const needed = this.#at + size;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

/** Two's complement in 64 bits, so always 10 bytes. Returns the place behind it. */
function writeNegative(bytes: Uint8Array, at: number, value: number): number {
  let low = value >>> 0;
  let high = Math.floor(value / 2 ** 32) >>> 0;
  let next = at;
  while (high > 0 || low > 0x7f) {
    bytes[next++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  bytes[next++] = low;
  return next;
}

function notWritable(field: number, value: number): ImError {
  return new ImError("invalid_argument", { message: `field ${field} cannot hold ${value}: expected a safe integer` });
}
