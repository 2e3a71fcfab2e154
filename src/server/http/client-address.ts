/** Where a request comes from, in one spelling per address, so that what counts per address counts right. */

const MAPPED_IPV4 = "::ffff:";
/** The longest IPv6 address with brackets and a port is shorter. */
const MAX_LENGTH = 64;

/**
 * The caller's address.
 * @param told what the proxy's header says, `null` without a proxy; a list ends with what the nearest proxy wrote
 * @param direct the address at the other end of the connection
 */
export function clientAddress(told: string | null, direct: string | undefined): string | undefined {
  const named = told === null ? null : parseAddress(told.slice(told.lastIndexOf(",") + 1).trim());
  return named ?? (direct === undefined ? undefined : (parseAddress(direct) ?? direct));
}

/** `1.2.3.4`, `1.2.3.4:80`, `[::1]:80`, `::1`: the address without its port; `null` when there is none. */
export function parseAddress(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  const isBracketed = text.startsWith("[");
  const bare = isBracketed ? text.slice(1, Math.max(1, text.indexOf("]"))) : text;
  if (bare.toLowerCase().startsWith(MAPPED_IPV4) && bare.includes("."))
    return parseIpv4(bare.slice(MAPPED_IPV4.length));
  return parseIpv4(bare) ?? parseIpv4(bare.slice(0, Math.max(0, bare.indexOf(":")))) ?? parseIpv6(bare);
}

function parseIpv4(text: string): string | null {
  const parts = text.split(".");
  const isPart = (part: string): boolean => part !== "" && String(Number(part)) === part && Number(part) <= 255;
  return parts.length === 4 && parts.every((part) => isDigits(part) && isPart(part)) ? text : null;
}

function parseIpv6(text: string): string | null {
  const url = `http://[${text}]/`;
  if (!text.includes(":") || ![...text].every(isIpv6Character) || !URL.canParse(url)) return null;
  return new URL(url).hostname.slice(1, -1);
}

function isDigits(text: string): boolean {
  return [...text].every((character) => character >= "0" && character <= "9");
}

function isIpv6Character(character: string): boolean {
  return "0123456789abcdefABCDEF:.".includes(character);
}
