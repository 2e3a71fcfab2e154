import { HTTPException } from "hono/http-exception";
import { WIRE_CODES, WIRE_OK, type WireCode } from "../../core/errors.js";

/** What every answer looks like. */
export interface Envelope {
  /** 200, or a number of the table of codes. */
  readonly code: number;
  /** English, for people. */
  readonly msg: string;
  readonly data: unknown;
}

/** On every answer: nothing of it is kept by anybody, and nobody guesses what it could be. */
const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

/** Any JSON, with the headers of every answer. */
export function jsonResponse(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...HEADERS, ...headers } });
}

/** The answer to a call that went well. */
export function success(data: unknown): Response {
  return jsonResponse(200, { code: WIRE_OK, msg: "ok", data: data ?? null } satisfies Envelope);
}

/** The answer to a call that did not. */
export function failure(
  status: number,
  code: WireCode,
  msg: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return jsonResponse(status, { code: WIRE_CODES[code], msg, data: null } satisfies Envelope, headers);
}

/** Thrown where a request itself is wrong, with the whole answer in it. */
export function refusal(...answer: Parameters<typeof failure>): HTTPException {
  const [status, , message] = answer;
  return new HTTPException(status as ConstructorParameters<typeof HTTPException>[0], {
    message,
    res: failure(...answer),
  });
}
