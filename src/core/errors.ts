/**
 * One error class, one table of codes. A code is stable and meant for programs;
 * the text is English, free to change and meant for people.
 */

/** The codes that travel, with their numbers in `Output.code` (1000–1010 are the original protocol's). */
export const WIRE_CODES = {
  not_logged_in: 1000,
  invalid_argument: 1001,
  invalid_user_id: 1002,
  unauthenticated: 1003,
  internal: 1004,
  no_data: 1005,
  add_failed: 1006,
  delete_failed: 1007,
  store_failed: 1008,
  operation_failed: 1009,
  no_route: 1010,
  busy: 1011,
  rate_limited: 1012,
  too_large: 1013,
  not_member: 1015,
  blocked: 1016,
  not_found: 1017,
  out_of_order: 1018,
  forbidden: 1019,
} as const;

/** A code that can be put on the wire. */
export type WireCode = keyof typeof WIRE_CODES;

/**
 * Every code an {@link ImError} can carry. The last three never travel: `unavailable` (a part is closed or not
 * started), `closed` (the connection ended for good), `expired` (a message was given up before it was transmitted).
 */
export type ErrorCode = WireCode | "unavailable" | "closed" | "expired";

/** `Output.code` of success. */
export const WIRE_OK = 200;

/** What to say when nothing more precise is known. */
const DEFAULT_TEXT: Readonly<Record<ErrorCode, string>> = {
  not_logged_in: "log in first",
  invalid_argument: "an argument is not valid",
  invalid_user_id: "the id is not valid",
  unauthenticated: "the token was not accepted",
  internal: "something failed inside the server",
  no_data: "there is no such data",
  add_failed: "adding failed",
  delete_failed: "deleting failed",
  store_failed: "the message cannot be stored",
  operation_failed: "the operation failed",
  no_route: "the receiver cannot be reached",
  busy: "the server is busy; try again",
  rate_limited: "too many requests; slow down",
  too_large: "the content is too large",
  not_member: "only members can send to this group",
  blocked: "the receiver does not accept messages from this sender",
  not_found: "not found",
  out_of_order: "an earlier message has to be stored first",
  forbidden: "not allowed",
  unavailable: "this part is closed or not started",
  closed: "the connection has ended",
  expired: "the message was given up before it was sent",
};

const BRAND = "shyim.error";

/** Options of {@link ImError}. */
export interface ImErrorOptions {
  /** Text for people; defaults to one sentence per code. */
  readonly message?: string;
  /** What led here; for logs only, never sent to anyone. */
  readonly cause?: unknown;
  /** For `busy` and `rate_limited`: when a repeat makes sense, ms from now. */
  readonly retryAfterMs?: number;
}

/** The only error class of the library. Recognise it with {@link isImError}, not with `instanceof`. */
export class ImError extends Error {
  override readonly name = "ImError";
  /** Marks the class across copies of the package (an ESM and a CJS copy may both be loaded). */
  readonly brand = BRAND;
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, options: ImErrorOptions = {}) {
    super(options.message ?? DEFAULT_TEXT[code], options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** True when `error` is an {@link ImError} of any copy of this package and, if given, carries `code`. */
export function isImError(error: unknown, code?: ErrorCode): error is ImError {
  if (typeof error !== "object" || error === null) return false;
  const candidate = error as Partial<ImError>;
  return candidate.brand === BRAND && (code === undefined || candidate.code === code);
}

/** True for what may go well when it is tried again: the outcome is unknown, or nothing happened. */
export function isTransient(error: unknown): boolean {
  return isImError(error, "unavailable") || isImError(error, "busy");
}

/** The sentence that goes with a code. */
export function errorText(code: ErrorCode): string {
  return DEFAULT_TEXT[code];
}

/** The name of a number in `Output.code`; unknown numbers are `internal`. */
export function wireCodeName(value: number): WireCode {
  for (const [name, code] of Object.entries(WIRE_CODES)) {
    if (code === value) return name as WireCode;
  }
  return "internal";
}
