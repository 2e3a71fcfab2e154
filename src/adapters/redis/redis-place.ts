import type { RedisPresenceOptions, RedisTls } from "./options.js";

/** One address. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is and how to be let in, whatever way it was said. */
export interface RedisPlace {
  /** One, or some nodes of a cluster. */
  readonly addresses: readonly [RedisAddress, ...RedisAddress[]];
  readonly isCluster: boolean;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  /** Without it nothing is encrypted. */
  readonly tls?: RedisTls;
}

const DEFAULT_PORT = 6379;

/** What valid options mean. */
export function placeOf(options: RedisPresenceOptions): RedisPlace {
  if (options.url !== undefined) return urlPlace(new URL(options.url), options.tls);
  const { username, password } = options;
  const common = { ...given("username", username), ...given("password", password), ...tlsOf(options.tls) };
  if (options.cluster !== undefined) {
    const [first, ...more] = options.cluster.map(addressOf) as [RedisAddress, ...RedisAddress[]];
    return { addresses: [first, ...more], isCluster: true, db: 0, ...common };
  }
  const { host, port = DEFAULT_PORT, db = 0 } = options;
  return { addresses: [{ host, port }], isCluster: false, db, ...common };
}

/** For people: without user and password. */
export function placeText({ addresses, isCluster, db }: RedisPlace): string {
  const text = addresses.map(({ host, port }) => `${host}:${port}`).join(", ");
  return isCluster ? `the Redis cluster at ${text}` : `Redis at ${text}${db === 0 ? "" : `/${db}`}`;
}

function urlPlace(url: URL, tls: RedisPresenceOptions["tls"]): RedisPlace {
  const address = { host: bare(url.hostname), port: url.port === "" ? DEFAULT_PORT : Number(url.port) };
  return {
    addresses: [address],
    isCluster: false,
    db: Number(url.pathname.slice(1)),
    ...given("username", decodeURIComponent(url.username) || undefined),
    ...given("password", decodeURIComponent(url.password) || undefined),
    ...tlsOf(tls ?? url.protocol === "rediss:"),
  };
}

function addressOf(text: string): RedisAddress {
  const colon = text.lastIndexOf(":");
  return { host: bare(text.slice(0, colon)), port: Number(text.slice(colon + 1)) };
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

function tlsOf(tls: RedisPresenceOptions["tls"]): { readonly tls?: RedisTls } {
  if (tls === undefined || tls === false) return {};
  return { tls: tls === true ? {} : tls };
}

function given<Name extends string>(name: Name, value: string | undefined): { readonly [N in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: string });
}
