import { ImError } from "../../core/errors.js";
import { normalisePassword, passwordError } from "./password-text.js";

const MAX_NICKNAME_CHARACTERS = 50;
/** Longer texts are not even looked at; 50 characters of any script are shorter, also before NFC. */
const MAX_RAW_LENGTH = 1_000;
const PHONE_DIGITS = { min: 5, max: 20 };
const MAX_RAW_PHONE_LENGTH = 100;
/** What people put between digits: spaces, dashes, brackets. */
const PHONE_FILLING: ReadonlySet<string> = new Set(" \u00a0\u2009\u202f-\u2010\u2011\u2012\u2013\u2014\u2212()[]");
/** Controls, ends of lines, and what turns the direction of the text around it. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
/** Spaces, marks without a letter, and what is nothing to look at although it is no space. */
const INVISIBLE = /^[\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * The named fields of an object of a stranger; all have to be its own, and there may be no other.
 * Errors: `invalid_argument`, which does not repeat what was received: it could be a password.
 */
export function ownFields<Name extends string>(
  what: string,
  value: unknown,
  names: readonly Name[],
): Readonly<Record<Name, unknown>> {
  const isObject = typeof value === "object" && value !== null;
  const isFitting = isObject && Reflect.ownKeys(value).every((key) => names.includes(key as Name));
  if (!isFitting || !names.every((name) => Object.hasOwn(value, name))) {
    throw new ImError("invalid_argument", { message: `${what} takes { ${names.join(", ")} } and nothing else` });
  }
  return value as Readonly<Record<Name, unknown>>;
}

/** A phone number as it is stored: `+`, if it was there, and 5–20 digits. `null` for what is none. */
export function normalisePhoneNumber(value: unknown): string | null {
  if (typeof value !== "string" || value.length > MAX_RAW_PHONE_LENGTH) return null;
  const text = [...value].filter((character) => !PHONE_FILLING.has(character)).join("");
  const digits = text.startsWith("+") ? text.slice(1) : text;
  const isCount = digits.length >= PHONE_DIGITS.min && digits.length <= PHONE_DIGITS.max;
  return isCount && [...digits].every((digit) => digit >= "0" && digit <= "9") ? text : null;
}

/** The phone number, normalised. Errors: `invalid_argument`. */
export function checkedPhoneNumber(value: unknown): string {
  const phoneNumber = normalisePhoneNumber(value);
  if (phoneNumber !== null) return phoneNumber;
  const rule = `${PHONE_DIGITS.min}–${PHONE_DIGITS.max} digits, an optional + before them`;
  throw new ImError("invalid_argument", {
    message: `phoneNumber must be a text of ${rule}, and nothing but spaces, dashes and brackets between`,
  });
}

/** The nickname in NFC, without spaces at its ends. Errors: `invalid_argument`. */
export function checkedNickname(value: unknown): string {
  const isText = typeof value === "string" && value.length <= MAX_RAW_LENGTH && value.isWellFormed();
  const nickname = isText ? value.normalize("NFC").trim() : "";
  const isShort = [...nickname].length <= MAX_NICKNAME_CHARACTERS;
  if (isText && isShort && !INVISIBLE.test(nickname) && !FORBIDDEN.test(nickname)) return nickname;
  throw new ImError("invalid_argument", {
    message: `nickname must be 1–${MAX_NICKNAME_CHARACTERS} characters that can be seen, without control characters, marks that turn the direction of the text, and half surrogate pairs`,
  });
}

/** The password in NFKC. Errors: `invalid_argument`. @param what how the error names the field */
export function checkedPassword(value: unknown, what: string): string {
  const password = normalisePassword(value);
  if (password === null) throw passwordError(what);
  return password;
}

/** A text of any kind. Errors: `invalid_argument`, without the value. @param what how the error names the field */
export function checkedText(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new ImError("invalid_argument", { message: `${what} must be a text, got a value of type ${typeof value}` });
}

/** Where a call came from; `null` where nobody said. Errors: `invalid_argument`. */
export function checkedAddress(from: { readonly address?: string } | undefined): string | null {
  const address: unknown = from?.address;
  return address === undefined ? null : checkedText(address, "address");
}
