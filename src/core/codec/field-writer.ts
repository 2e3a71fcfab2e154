import { Writer } from "protobufjs/minimal.js";
import { ImError } from "../errors.js";
import { WIRE } from "./proto-numbers.js";

/** Half of a surrogate pair has no UTF-8, and strict peers refuse a text that contains it. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Writes the fields of one protobuf message in the order of the calls. A value that is the default (0, false, empty)
 * is not written, as in proto3. Numbers that are no safe integers throw `invalid_argument`: nothing is cut silently.
 */
export class FieldWriter {
  readonly #writer = new Writer();

  /** A uint64 up to 2^53 − 1, or a uint32. */
  uint(field: number, value: number): void {
    if (value < 0) throw notWritable(field, value);
    this.int(field, value);
  }

  /** An int64 within ±(2^53 − 1), an int32 or an enum. */
  int(field: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw notWritable(field, value);
    if (value !== 0) this.#tag(field, WIRE.varint).int64(value);
  }

  /** A bool. */
  bool(field: number, value: boolean): void {
    if (value) this.#tag(field, WIRE.varint).bool(true);
  }

  /** UTF-8; half a surrogate pair becomes U+FFFD. */
  text(field: number, value: string): void {
    if (value !== "") this.#tag(field, WIRE.bytes).string(value.replace(LONE_SURROGATE, "\uFFFD"));
  }

  /** Bytes. */
  bytes(field: number, value: Uint8Array): void {
    if (value.length > 0) this.#tag(field, WIRE.bytes).bytes(value);
  }

  /** A message inside this one; written even when it is empty, because its presence counts. */
  message(field: number, value: Uint8Array): void {
    this.#tag(field, WIRE.bytes).bytes(value);
  }

  /** What was written. */
  finish(): Uint8Array {
    return this.#writer.finish();
  }

  #tag(field: number, wireType: number): Writer {
    return this.#writer.uint32(field * 8 + wireType);
  }
}

function notWritable(field: number, value: number): ImError {
  return new ImError("invalid_argument", { message: `field ${field} cannot hold ${value}: expected a safe integer` });
}
