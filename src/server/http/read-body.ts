import { ImError, isImError } from "../../core/errors.js";
import { refusal } from "./envelope.js";

/** The bytes of a body; no more than `maxBytes` of them are ever held. Errors: 413 above it; `invalid_argument` for one that broke off. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let chunk = await next(reader); chunk !== undefined; chunk = await next(reader)) {
    length += chunk.length;
    if (length > maxBytes) throw stopReading(reader, maxBytes);
    chunks.push(chunk);
  }
  return joined(chunks, length);
}

/** The next piece; `undefined` at the end. */
async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch (cause) {
    if (isImError(cause)) throw cause;
    throw new ImError("invalid_argument", { message: "the body broke off", cause });
  }
}

function stopReading(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Error {
  // Whether the sender stops is not waited for: the answer is decided.
  reader.cancel().catch(() => {});
  return tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): Error {
  return refusal(413, "too_large", `the body is larger than ${maxBytes} bytes`);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
