import { decodeTextStrict } from "../../core/bytes.js";
import { ImError } from "../../core/errors.js";
import { refusal } from "./envelope.js";
import { type FormPair, formFields, parseUrlEncoded } from "./form-fields.js";
import { jsonFields } from "./json-fields.js";
import type { RawFields } from "./parse-fields.js";
import { readBody } from "./read-body.js";

/** The kinds of body a route takes. */
export const BODY_TYPES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"] as const;

/**
 * The fields of a body. An empty one has none, whatever it calls itself.
 * Errors: 413, 415; `invalid_argument` for what cannot be read.
 */
export async function bodyFields(request: Request, maxBytes: number, lists: ReadonlySet<string>): Promise<RawFields> {
  const bytes = await readBody(request, maxBytes);
  if (bytes.length === 0) return new Map();
  const type = bodyTypeOf(request.headers);
  const text = decode(bytes);
  if (type === "application/json") return jsonFields(text);
  if (type === "application/x-www-form-urlencoded") return formFields(parseUrlEncoded(text), lists);
  return formFields(await parseMultipart(bytes, request.headers.get("content-type") ?? ""), lists);
}

function bodyTypeOf(headers: Headers): (typeof BODY_TYPES)[number] {
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").toLowerCase().split(";");
  const known = BODY_TYPES.find((name) => name === type.trim());
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith("charset="));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const isPlain = (headers.get("content-encoding") ?? "identity").toLowerCase() === "identity";
  if (known !== undefined && isUtf8 && isPlain) return known;
  throw refusal(415, "invalid_argument", `send ${BODY_TYPES.join(", ")}, in UTF-8 and not compressed`);
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeTextStrict(bytes);
  } catch {
    throw new ImError("invalid_argument", { message: "the body is not valid UTF-8" });
  }
}

async function parseMultipart(bytes: Uint8Array<ArrayBufferLike>, contentType: string): Promise<FormPair[]> {
  try {
    const copy = new Uint8Array(bytes);
    return [...(await new Response(copy, { headers: { "content-type": contentType } }).formData())];
  } catch {
    throw new ImError("invalid_argument", { message: "the body is not valid multipart/form-data" });
  }
}
