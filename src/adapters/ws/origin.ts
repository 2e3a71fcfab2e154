/** Which pages may open a socket. Only browsers send an Origin, and they never let a page choose it. */

/** `"same-host"`: the page's host must be the one in the request's Host header; `"any"`: every page. */
export type OriginRule = "same-host" | "any" | ReadonlySet<string>;

const MAX_ORIGIN_LENGTH = 300;

/** The URL in `text` when it consists of scheme, host and perhaps a port, and of nothing else; otherwise `null`. */
function parseBareUrl(text: string): URL | null {
  if (text.length > MAX_ORIGIN_LENGTH || !URL.canParse(text)) return null;
  const url = new URL(text);
  const authority = `${url.protocol}//${url.host}`;
  const rest = url.href.slice(authority.length);
  const isBare = url.host !== "" && url.href.startsWith(authority) && (rest === "" || rest === "/");
  // The parser repairs what it can ("https:/a", "https://a/"); a browser sends nothing that needs a repair.
  return isBare && /^[a-z][a-z0-9+.-]*:\/\/[^/\\?#@\s]+$/i.test(text) ? url : null;
}

/** One spelling per origin: lower case, default port left out. `null` for everything that is no origin (`null` too). */
export function normalizeOrigin(text: string): string | null {
  const url = parseBareUrl(text);
  return url === null ? null : `${url.protocol}//${url.host}`.toLowerCase();
}

function isSameHost(origin: string, host: string | undefined): boolean {
  if (host === undefined) return false;
  const scheme = origin.slice(0, origin.indexOf("://"));
  return normalizeOrigin(`${scheme}://${host}`) === origin;
}

/**
 * May this request open a socket? A request without an Origin comes from no browser and is let in: whoever writes
 * such a client could also write any Origin into it. `Origin: null` (sandboxed frames, files) is refused.
 */
export function isOriginAllowed(rule: OriginRule, origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || rule === "any") return true;
  const normalized = normalizeOrigin(origin);
  if (normalized === null) return false;
  return rule === "same-host" ? isSameHost(normalized, host) : rule.has(normalized);
}
