/** How one field of a protobuf message is read, written, and what it is when it is missing. */

import { fromHex, toHex } from "../bytes.js";
import type { FieldReader } from "./field-reader.js";
import type { FieldWriter } from "./field-writer.js";

/** A kind of field. */
export interface FieldKind<T> {
  /** The value of a field that did not come. Shared: never changed. */
  readonly missing: T;
  /** Reads one occurrence; `before` is the value so far. */
  read(fields: FieldReader, before: T): T;
  /** Writes the value, or nothing for a value that means "missing". */
  write(fields: FieldWriter, field: number, value: T): void;
}

/** uint64 up to 2^53 − 1. */
export const uint: FieldKind<number> = {
  missing: 0,
  read: (fields) => fields.uint(),
  write: (fields, field, value) => fields.uint(field, value),
};

/** int64 within ±(2^53 − 1). */
export const int: FieldKind<number> = {
  missing: 0,
  read: (fields) => fields.int(),
  write: (fields, field, value) => fields.int(field, value),
};

/** uint32. */
export const uint32: FieldKind<number> = {
  missing: 0,
  read: (fields) => fields.uint32(),
  write: (fields, field, value) => fields.uint(field, value),
};

/** int32 or an enum. */
export const int32: FieldKind<number> = {
  missing: 0,
  read: (fields) => fields.int32(),
  write: (fields, field, value) => fields.int(field, value),
};

/** bool. */
export const bool: FieldKind<boolean> = {
  missing: false,
  read: (fields) => fields.bool(),
  write: (fields, field, value) => fields.bool(field, value),
};

/** string, or bytes that hold UTF-8. */
export const text: FieldKind<string> = {
  missing: "",
  read: (fields) => fields.text(),
  write: (fields, field, value) => fields.text(field, value),
};

/** bytes, read as a copy. */
export const bytes: FieldKind<Uint8Array> = {
  missing: new Uint8Array(),
  read: (fields) => new Uint8Array(fields.view()),
  write: (fields, field, value) => fields.bytes(field, value),
};

/** bytes, read as a view of the input: for what is decoded further at once. */
export const view: FieldKind<Uint8Array> = { ...bytes, read: (fields) => fields.view() };

/** bytes of one of these lengths, as hex digits; another length is refused. */
export function hexOf(...lengths: readonly number[]): FieldKind<string> {
  return {
    missing: "",
    read: (fields) => toHex(fields.viewOf(lengths)),
    write: (fields, field, value) => fields.bytes(field, fromHex(value)),
  };
}

/** A message inside, as a view; `null` when it is missing. Coming twice, the last one counts as a whole. */
export const message: FieldKind<Uint8Array | null> = {
  missing: null,
  read: (fields) => fields.view(),
  write: (fields, field, value) => {
    if (value !== null) fields.message(field, value);
  },
};

/** Any number of messages inside, as views, in order. */
export const messages: FieldKind<Uint8Array[]> = {
  missing: [],
  read: (fields, before) => {
    const list = before.length === 0 ? [] : before;
    list.push(fields.view());
    return list;
  },
  write: (fields, field, value) => {
    for (const one of value) fields.message(field, one);
  },
};
