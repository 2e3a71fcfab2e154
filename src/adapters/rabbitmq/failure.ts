/** What a broker says that no waiting changes: no access, no such virtual host, a queue of this name that is another kind. */
const HOPELESS_CODES: readonly unknown[] = [403, 404, 406, 530];
/** The same, when it has not come to channels yet: then only the text tells. */
const HOPELESS_TEXT = /Handshake terminated by server: (403|530)/;

interface Failure {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** Whether an operator has to do something before it can go well. */
export function isHopeless(error: unknown): boolean {
  const { code, message } = Object(error) as Failure;
  return HOPELESS_CODES.includes(code) || HOPELESS_TEXT.test(String(message));
}

/** What is wrong, in one line. */
export function reasonOf(error: unknown): string {
  const { message, code } = Object(error) as Failure;
  return [message, code].find((text) => typeof text === "string" && text !== "")?.toString() ?? "no reason given";
}
