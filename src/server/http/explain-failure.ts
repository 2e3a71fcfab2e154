import { HTTPException } from "hono/http-exception";
import { toHex } from "../../core/bytes.js";
import { type ErrorCode, errorText, type ImError, isImError, type WireCode } from "../../core/errors.js";
import { failure } from "./envelope.js";
import type { HttpApiSettings } from "./http-options.js";

/** Texts of one route that say more than the table of codes does. */
export type FailureTexts = Readonly<Partial<Record<ErrorCode, string>>>;

const STATUS: Readonly<Record<ErrorCode, number>> = {
  not_logged_in: 401,
  invalid_argument: 400,
  invalid_user_id: 400,
  unauthenticated: 401,
  internal: 500,
  no_data: 404,
  add_failed: 409,
  delete_failed: 409,
  store_failed: 500,
  operation_failed: 500,
  no_route: 404,
  busy: 503,
  rate_limited: 429,
  too_large: 413,
  not_member: 403,
  blocked: 403,
  not_found: 404,
  out_of_order: 409,
  forbidden: 403,
  unavailable: 503,
  closed: 503,
  expired: 503,
};

/** What the library calls the fields of the API. */
const FIELD_NAMES: ReadonlyMap<string, string> = new Map([
  ["phoneNumber", "phone_number"],
  ["newPassword", "new_password"],
  ["friendId", "friend_id"],
  ["blockedId", "user_id"],
  ["userId", "user_id"],
  ["groupId", "group_id"],
  ["userIds", "ids"],
  ["memberIds", "ids"],
]);

/** Bytes of a correlation id. */
const ID_BYTES = 8;

/** The status that goes with a code. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}

/**
 * The answer to what was thrown. A fault inside is told to `onError` and nobody else: the client gets an id to ask about.
 */
export function explainFailure(error: unknown, settings: HttpApiSettings, texts: FailureTexts = {}): Response {
  if (error instanceof HTTPException) return error.getResponse();
  const status = isImError(error) ? statusOf(error.code) : 500;
  if (status === 500 || !isImError(error)) return inside(error, settings);
  return failure(status, wireCodeOf(error.code), textOf(error, texts), headersOf(status, error));
}

function inside(error: unknown, { onError, runtime }: HttpApiSettings): Response {
  const correlationId = toHex(runtime.randomBytes(ID_BYTES));
  tell(() => onError(error, correlationId));
  return failure(500, "internal", `${errorText("internal")}; ask about ${correlationId}`);
}

/** A listener that fails, now or later, hurts nobody. */
function tell(listener: () => unknown): void {
  void (async () => listener())().catch(() => {});
}

/** The last three codes have no number: they all mean "not now". */
function wireCodeOf(code: ErrorCode): WireCode {
  return code === "unavailable" || code === "closed" || code === "expired" ? "busy" : code;
}

/** Only what is wrong with the caller's own values is told in the thrower's words; every other text is ours. */
function textOf({ code, message }: ImError, texts: FailureTexts): string {
  if (code === "invalid_argument" || code === "invalid_user_id") return inFieldNames(message);
  return texts[code] ?? errorText(wireCodeOf(code));
}

function inFieldNames(text: string): string {
  return text.replace(/\b[a-z]+[A-Z][a-z]+\b/g, (word) => FIELD_NAMES.get(word) ?? word);
}

function headersOf(status: number, { retryAfterMs = 1_000 }: ImError): Readonly<Record<string, string>> {
  if (status === 401) return { "www-authenticate": "Bearer" };
  if (status !== 429 && status !== 503) return {};
  return { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) };
}
