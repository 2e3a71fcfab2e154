import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";

/**
 * The one boundary between JavaScript and the database: strings, safe integers, bytes and null. Drivers interpret everything
 * else in ways of their own (a Date or an object becomes NULL here, a piece of SQL there).
 * Errors: `invalid_argument`; nothing was sent to the database.
 */
export function assertBindings(values: readonly unknown[] | undefined): void {
  for (const value of values ?? []) {
    if (isStorable(value)) continue;
    const message = `a database takes well-formed text without NUL, safe integers, bytes or null, got ${kindOf(value)}`;
    throw new ImError("invalid_argument", { message });
  }
}

/** What was received without its content, which may be anybody's and ends in logs. */
function kindOf(value: unknown): string {
  return typeof value === "string" ? "text with a NUL or half a surrogate pair" : describe(value);
}

/** True for what {@link assertBindings} lets through. */
export function isStorable(value: unknown): boolean {
  if (value === null || value instanceof Uint8Array) return true;
  if (typeof value === "number") return Number.isSafeInteger(value);
  return typeof value === "string" && !value.includes("\0") && value.isWellFormed();
}

/** Bytes as every driver takes them: a Buffer over the same memory. */
export function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
