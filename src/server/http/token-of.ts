const BEARER = "bearer ";

/**
 * The token of a request: of the header `token`, as clients of the original send it, otherwise of `Authorization: Bearer`. `null`
 * without one. An address or a cookie is never looked at.
 */
export function tokenOf(headers: Headers): string | null {
  const own = headers.get("token")?.trim();
  if (own !== undefined && own !== "") return own;
  const authorization = headers.get("authorization") ?? "";
  if (!authorization.toLowerCase().startsWith(BEARER)) return null;
  return authorization.slice(BEARER.length).trim() || null;
}
