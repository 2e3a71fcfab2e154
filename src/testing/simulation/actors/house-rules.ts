/** A text with this word is refused by the application. */
export const FORBIDDEN_WORD = "!no";

/** What the application's `beforeSend` refuses. */
export function isForbidden(text: string | undefined): boolean {
  return text?.includes(FORBIDDEN_WORD) === true;
}
