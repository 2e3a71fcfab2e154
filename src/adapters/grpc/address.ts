/** A place in a network. */
export interface Address {
  /** A name or an IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Addresses that mean every interface of a machine: one can listen there, but nobody can be reached there. */
const EVERYWHERE: readonly string[] = ["0.0.0.0", "::"];
const MAX_PORT = 65_535;

/** What `host:port` or `[ipv6]:port` says; `null` for anything else. */
export function parseAddress(text: string): Address | null {
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon + 1);
  const host = parseHost(text.slice(0, Math.max(0, colon)));
  if (host === null || !/^\d{1,5}$/.test(port) || Number(port) > MAX_PORT) return null;
  return { host, port: Number(port) };
}

/** A name, an IPv4 address or an IPv6 address in brackets, which are taken off; `null` for anything else. */
export function parseHost(text: string): string | null {
  if (/^\[[0-9a-fA-F:.]+\]$/.test(text)) return text.slice(1, -1);
  return /^[a-zA-Z0-9._-]+$/.test(text) ? text : null;
}

/** The text of an address, as {@link parseAddress} reads it. */
export function formatAddress({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** True when nobody can be reached there, though one can listen there. */
export function isEverywhere({ host }: Address): boolean {
  return EVERYWHERE.includes(host);
}
