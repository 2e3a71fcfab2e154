import { decodeTextStrict } from "../bytes.js";
import { ImError } from "../errors.js";
import { WIRE } from "./proto-numbers.js";

/** A number takes at most so many bytes: 64 bits, 7 in each. */
const MAX_VARINT_BYTES = 10;
/** Groups in groups that are passed over at most. */
const MAX_DEPTH = 32;
/** Highest field number of protobuf. */
const MAX_FIELD = 2 ** 29 - 1;

/**
 * Walks over the fields of one protobuf message: `next()`, then exactly one of the others. All numbers come out as
 * safe integers, so no 64-bit type gets past this class. Throws `invalid_argument` for values that do not fit and for
 * bytes that end too early; {@link decoding} adds what a damaged text throws.
 */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #at = 0;
  #field = 0;
  #wireType = 0;

  /** @param name what the bytes are, for error texts: the message's name in im.proto */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  /** Number of the next field; 0 at the end. */
  next(): number {
    if (this.#at >= this.#bytes.length) return 0;
    const tag = this.#varint();
    this.#field = Math.floor(tag / 8);
    this.#wireType = tag & 7;
    if (this.#field < 1 || this.#field > MAX_FIELD) throw this.#error(`a field number ${this.#field}`);
    return this.#field;
  }

  /** A uint64 up to 2^53 − 1. */
  uint(): number {
    this.#expect(WIRE.varint);
    const value = this.#varint();
    if (value < 0 || value > Number.MAX_SAFE_INTEGER)
      throw this.#error(`a number above 2^53 - 1 in field ${this.#field}`);
    return value;
  }

  /** An int64 within ±(2^53 − 1). */
  int(): number {
    this.#expect(WIRE.varint);
    const value = this.#varint();
    if (!Number.isSafeInteger(value)) throw this.#error(`a number beyond ±(2^53 - 1) in field ${this.#field}`);
    return value;
  }

  /** A uint32; higher bits are cut off, as protobuf demands. */
  uint32(): number {
    return this.int32() >>> 0;
  }

  /** An int32 or an enum; higher bits are cut off, as protobuf demands. */
  int32(): number {
    this.#expect(WIRE.varint);
    const from = this.#at;
    const end = this.#skipVarint();
    let value = 0;
    for (let at = from; at < end && at < from + 5; at++) {
      value |= ((this.#bytes[at] as number) & 0x7f) << (7 * (at - from));
    }
    return value;
  }

  /** A bool. */
  bool(): boolean {
    this.#expect(WIRE.varint);
    return this.#varint() !== 0;
  }

  /** UTF-8; anything else throws. */
  text(): string {
    return decodeTextStrict(this.view());
  }

  /** The bytes where they are; not to be kept. */
  view(): Uint8Array {
    this.#expect(WIRE.bytes);
    const length = this.#varint();
    const from = this.#at;
    this.#advance(length);
    return this.#bytes.subarray(from, this.#at);
  }

  /** Like {@link view}, of one of the lengths given. */
  viewOf(lengths: readonly number[]): Uint8Array {
    const view = this.view();
    if (lengths.includes(view.length)) return view;
    throw this.#error(`${view.length} bytes in field ${this.#field}, expected ${lengths.join(" or ")}`);
  }

  /** Passes over a field nobody here knows: a newer peer may send it. @param depth groups around it */
  skip(depth = 0): void {
    switch (this.#wireType) {
      case WIRE.varint:
        this.#skipVarint();
        return;
      case WIRE.fixed64:
        return this.#advance(8);
      case WIRE.bytes:
        this.view();
        return;
      case WIRE.fixed32:
        return this.#advance(4);
      case WIRE.groupStart:
        return this.#skipGroup(this.#field, depth);
      default:
        throw this.#error(`wire type ${this.#wireType} in field ${this.#field}`);
    }
  }

  #expect(wireType: number): void {
    if (this.#wireType === wireType) return;
    throw this.#error(`wire type ${this.#wireType} in field ${this.#field}, expected ${wireType}`);
  }

  #advance(length: number): void {
    if (length < 0 || length > this.#bytes.length - this.#at) throw this.#error(`a field ${this.#field} cut short`);
    this.#at += length;
  }

  #skipGroup(group: number, depth: number): void {
    if (depth === MAX_DEPTH) throw this.#error(`more than ${MAX_DEPTH} groups in each other`);
    while (this.next() !== 0 && this.#wireType !== WIRE.groupEnd) this.skip(depth + 1);
    if (this.#field !== group || this.#wireType !== WIRE.groupEnd)
      throw this.#error(`a group ${group} without its end`);
  }

  /** Passes over a number and returns the place behind it. */
  #skipVarint(): number {
    this.#varint();
    return this.#at;
  }

  /** Read as int64: what is ≥ 2^63 comes out negative. Exact within ±2^53, and never inside that range when it is not. */
  #varint(): number {
    const bytes = this.#bytes;
    const from = this.#at;
    let value = 0;
    let complement = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES && from + i < bytes.length; i++) {
      const byte = bytes[from + i] as number;
      const digit = byte & 0x7f;
      if (i === MAX_VARINT_BYTES - 1 && byte > 1) break;
      if (byte < 0x80) {
        this.#at = from + i + 1;
        return i === MAX_VARINT_BYTES - 1 && digit === 1 ? -complement - 1 : value + digit * scale;
      }
      value += digit * scale;
      complement += (0x7f - digit) * scale;
      scale *= 0x80;
    }
    throw this.#error(`an unfinished number in field ${this.#field}`);
  }

  #error(what: string): ImError {
    return new ImError("invalid_argument", { message: `${this.#name} has ${what}` });
  }
}

/** Runs `decode` and turns everything it throws into an `invalid_argument` that names `what`. */
export function decoding<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ImError) throw error;
    throw new ImError("invalid_argument", {
      message: `${what} cannot be decoded: its bytes are cut short or damaged`,
      cause: error,
    });
  }
}
