import { explain } from "../brokers/advice.js";

/** What a broker says that no waiting changes: no access, no such virtual host, a queue of this name that is another kind. */
const HOPELESS_CODES: readonly unknown[] = [403, 404, 406, 530];
/** The same, when it has not come to channels yet: then only the text tells. */
const HOPELESS_TEXT = /Handshake terminated by server: (403|530)/;

const ADVICE = [
  [/ACCESS.REFUSED/, "check user, password and the user's permissions on the virtual host"],
  [/NOT.ALLOWED/, "check the virtual host, and whether the user may use it"],
  [/PRECONDITION.FAILED/, "there is another kind of exchange or queue of this name: remove it, or choose another name"],
] as const;

interface Failure {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** Whether an operator has to do something before it can go well. */
export function isHopeless(error: unknown): boolean {
  const { code, message } = Object(error) as Failure;
  return HOPELESS_CODES.includes(code) || HOPELESS_TEXT.test(String(message));
}

/** What is wrong, in one line, without secrets. @param url where the broker is */
export function reasonOf(url: string, error: unknown): string {
  const { message, code } = Object(error) as Failure;
  const failure = [message, code].find((text) => typeof text === "string" && text !== "") ?? "no reason given";
  return explain(`RabbitMQ at ${new URL(url).host}`, String(failure), code, ADVICE);
}
