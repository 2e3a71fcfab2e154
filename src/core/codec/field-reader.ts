import { Reader, util } from "protobufjs/minimal.js";
import { ImError } from "../errors.js";
import { WIRE } from "./proto-numbers.js";

const MAX_VARINT_BYTES = 10;

/**
 * Walks over the fields of one protobuf message: `next()`, then exactly one of the others. All numbers come out as
 * safe integers, so no 64-bit type gets past this class. Throws `invalid_argument` for values that do not fit,
 * and whatever protobufjs throws for bytes that end too early; {@link decoding} makes one kind of error of both.
 */
export class FieldReader {
  readonly #reader: Reader;
  readonly #name: string;
  #field = 0;
  #wireType = 0;

  /** @param name what the bytes are, for error texts: the message's name in im.proto */
  constructor(bytes: Uint8Array, name: string) {
    this.#reader = new Reader(bytes);
    this.#name = name;
  }

  /** Number of the next field; 0 at the end. */
  next(): number {
    if (this.#reader.pos >= this.#reader.len) return 0;
    const tag = this.#reader.tag();
    this.#field = tag >>> 3;
    this.#wireType = tag & 7;
    if (this.#field === 0) throw this.#error("a field number 0");
    return this.#field;
  }

  /** A uint64 up to 2^53 − 1. */
  uint(): number {
    const value = this.#varint();
    if (value < 0 || value > Number.MAX_SAFE_INTEGER)
      throw this.#error(`a number above 2^53 - 1 in field ${this.#field}`);
    return value;
  }

  /** An int64 within ±(2^53 − 1). */
  int(): number {
    const value = this.#varint();
    if (!Number.isSafeInteger(value)) throw this.#error(`a number beyond ±(2^53 - 1) in field ${this.#field}`);
    return value;
  }

  /** A uint32; higher bits are cut off, as protobuf demands. */
  uint32(): number {
    this.#expect(WIRE.varint);
    return this.#reader.uint32();
  }

  /** An int32 or an enum; higher bits are cut off, as protobuf demands. */
  int32(): number {
    this.#expect(WIRE.varint);
    return this.#reader.int32();
  }

  /** A bool. */
  bool(): boolean {
    this.#expect(WIRE.varint);
    return this.#reader.bool();
  }

  /** UTF-8; anything else throws. */
  text(): string {
    const bytes = this.view();
    return util.utf8.readStrict(bytes, 0, bytes.length);
  }

  /** The bytes where they are; not to be kept. */
  view(): Uint8Array {
    this.#expect(WIRE.bytes);
    return this.#reader.bytes();
  }

  /** Like {@link view}, of one of the lengths given. */
  viewOf(lengths: readonly number[]): Uint8Array {
    const view = this.view();
    if (lengths.includes(view.length)) return view;
    throw this.#error(`${view.length} bytes in field ${this.#field}, expected ${lengths.join(" or ")}`);
  }

  /** Passes over a field nobody here knows: a newer peer may send it. */
  skip(): void {
    this.#reader.skipType(this.#wireType, 0, this.#field);
  }

  #expect(wireType: number): void {
    if (this.#wireType === wireType) return;
    throw this.#error(`wire type ${this.#wireType} in field ${this.#field}, expected ${wireType}`);
  }

  /** Read as int64: what is ≥ 2^63 comes out negative. Exact within ±2^53, and never inside that range when it is not. */
  #varint(): number {
    this.#expect(WIRE.varint);
    const { buf, len, pos } = this.#reader;
    let value = 0;
    let complement = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      if (pos + i >= len) break;
      const byte = buf[pos + i] as number;
      const digit = byte & 0x7f;
      if (i === MAX_VARINT_BYTES - 1 && byte > 1) break;
      if (byte < 0x80) {
        this.#reader.pos = pos + i + 1;
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
