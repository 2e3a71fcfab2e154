/** Longest nickname and name of a group, characters: what the accounts take. */
const MAX_CHARACTERS = 50;
/** Longest text every database of the storage holds, UTF-16 units. */
const MAX_TEXT = 255;
/** Controls, ends of lines, and what turns the direction of the text around it. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;
/** Spaces, marks without a letter, and what is nothing to look at although it is no space. */
const INVISIBLE = /^[\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]*$/u;
/** What people put between the digits of a phone number. */
const PHONE_FILLING = /[ \u00a0\u2009\u202f\-\u2010-\u2012\u2013\u2014\u2212()[\]]/gu;
const PHONE = /^\+?[0-9]{5,20}$/;

/** A nickname or a name of a group as the accounts would have taken it; `instead` where nothing is left to see. */
export function tidyName(text: string, instead: string): string {
  const clean = text.toWellFormed().normalize("NFC").replace(FORBIDDEN, "").trim();
  const short = [...clean].slice(0, MAX_CHARACTERS).join("").trim();
  return INVISIBLE.test(short) ? instead : short;
}

/** The phone number as the accounts look for it at a sign-in; `null` for what is none. */
export function signInNumber(text: string): string | null {
  const digits = text.replace(PHONE_FILLING, "");
  return PHONE.test(digits) ? digits : null;
}

/** Any text so that every database of the storage takes it. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "").slice(0, MAX_TEXT).toWellFormed();
}
