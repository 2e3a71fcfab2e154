const PREFLIGHT = {
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers": "authorization, content-type, token",
  "access-control-max-age": "600",
  "cache-control": "no-store",
} as const;

/** The answer to a browser that asks whether a page may call; `null` for every other request, and for a page that may not. */
export function preflight(request: Request, origins: ReadonlySet<string>): Response | null {
  const isQuestion = request.method === "OPTIONS" && request.headers.has("access-control-request-method");
  if (!isQuestion || !isAllowed(request, origins)) return null;
  return new Response(null, { status: 204, headers: PREFLIGHT });
}

/** Lets a page of one of `origins` read the answer. Cookies are never part of it: there are none. */
export function shareWith(request: Request, response: Response, origins: ReadonlySet<string>): Response {
  if (origins.size === 0) return response;
  response.headers.set("vary", "Origin");
  if (!isAllowed(request, origins)) return response;
  response.headers.set("access-control-allow-origin", request.headers.get("origin") ?? "");
  response.headers.set("access-control-expose-headers", "retry-after");
  return response;
}

function isAllowed(request: Request, origins: ReadonlySet<string>): boolean {
  return origins.has(request.headers.get("origin") ?? "");
}
