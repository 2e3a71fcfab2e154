import { ImError } from "../../core/errors.js";

const MIN_CHARACTERS = 8;
const MAX_CHARACTERS = 128;
/** Longer texts are not even normalised, since NFKC can make eighteen characters of one. */
const MAX_LENGTH = 1_024;

/** A password in NFKC; `null` for what is none of 8–128 characters. */
export function normalisePassword(value: unknown): string | null {
  if (typeof value !== "string" || value.length > MAX_LENGTH || !value.isWellFormed()) return null;
  const text = value.normalize("NFKC");
  const { length } = [...text];
  return length >= MIN_CHARACTERS && length <= MAX_CHARACTERS ? text : null;
}

/** The `invalid_argument` of a password; it does not say what was received. @param what how the error names the field */
export function passwordError(what: string): ImError {
  const message = `${what} must be a text of ${MIN_CHARACTERS}–${MAX_CHARACTERS} characters, without half surrogate pairs`;
  return new ImError("invalid_argument", { message });
}
