import type { IncomingMessage } from "node:http";
import { ImError } from "../../core/errors.js";

const ADVICE =
  "the body of the request was read before it came here, and is nowhere: let shyim/http read it, or leave what was read as request.body";

/**
 * The request, also where the host has read its body already. Express leaves what it read as `request.body`; it is written down
 * again, so that it passes the same checks. A body that is nowhere makes the read fail, with what to do.
 */
export function withReadBody(request: Request, incoming: IncomingMessage & { readonly body?: unknown }): Request {
  if (!incoming.readableDidRead || request.method === "GET" || request.method === "HEAD") return request;
  const type = request.headers.get("content-type") ?? "";
  const { body, ...headers } = rewrite(incoming.body, type);
  return new Request(request.url, {
    method: request.method,
    headers: headersWith(request, headers.type),
    body,
    duplex: "half",
  } as RequestInit);
}

function headersWith(request: Request, type: string): Headers {
  const headers = new Headers([...request.headers]);
  // Both told of the bytes on the wire.
  headers.delete("content-length");
  headers.delete("content-encoding");
  headers.set("content-type", type);
  return headers;
}

function rewrite(body: unknown, type: string): { readonly body: BodyInit; readonly type: string } {
  if (body === undefined || body === null) return { body: brokenStream(), type };
  if (typeof body === "string") return { body, type };
  if (body instanceof Uint8Array) return { body: new Uint8Array(body), type };
  const form = type.toLowerCase().includes("json") ? null : formOf(body);
  if (form !== null) return { body: form.toString(), type: "application/x-www-form-urlencoded" };
  return { body: JSON.stringify(body), type: "application/json" };
}

/** The body as a form; `null` for what no form says. */
function formOf(body: object): URLSearchParams | null {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one !== "string") return null;
      form.append(name, one);
    }
  }
  return form;
}

function brokenStream(): ReadableStream {
  return new ReadableStream({
    start: (controller) => controller.error(new ImError("operation_failed", { message: ADVICE })),
  });
}
