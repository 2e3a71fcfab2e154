import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

const MAPPED_IPV4 = "::ffff:";

/** `1.2.3.4`, `1.2.3.4:80`, `[::1]:80`, `::1`: the address without its port; `null` when there is none. */
function parseAddress(text: string): string | null {
  const bracketed = text.startsWith("[") ? text.slice(1, text.indexOf("]")) : text;
  const bare = isIP(bracketed) === 0 ? bracketed.slice(0, Math.max(0, bracketed.indexOf(":"))) : bracketed;
  if (isIP(bare) === 0) return null;
  return bare.toLowerCase().startsWith(MAPPED_IPV4) && bare.includes(".") ? bare.slice(MAPPED_IPV4.length) : bare;
}

/** The last entry of a list header: the one the nearest proxy wrote. Earlier ones can be invented by anyone. */
function lastEntry(header: string | string[] | undefined): string {
  const list = Array.isArray(header) ? header.join(",") : (header ?? "");
  return list.slice(list.lastIndexOf(",") + 1).trim();
}

/**
 * Where a request comes from, without port, IPv4 in its short form, so that limits per address meet one spelling.
 * @param trustProxy lower-case name of the header the proxy fills; `null` takes the address of the TCP connection,
 * and so does a header that is missing or holds no address
 */
export function remoteAddress(request: IncomingMessage, trustProxy: string | null): string {
  const told = trustProxy === null ? null : parseAddress(lastEntry(request.headers[trustProxy]));
  const direct = request.socket.remoteAddress ?? "";
  return told ?? parseAddress(direct) ?? direct;
}
