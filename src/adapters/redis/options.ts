import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";

/** What TLS needs beyond being on. The server's certificate is always verified. */
export interface RedisTls {
  /** PEM of the authority that signed the server's certificate. Default: those that Node knows. */
  readonly ca?: string | Uint8Array;
  /** PEM of this client's certificate, where the server asks for one. */
  readonly cert?: string | Uint8Array;
  /** PEM of its key. */
  readonly key?: string | Uint8Array;
  /** The name that the server's certificate has to bear. Default: the host. */
  readonly servername?: string;
}

/** Options of `redisPresence` that do not depend on where Redis is. */
interface CommonOptions {
  /**
   * Begins every key, so that several clusters may share one Redis: up to 64 printable ASCII characters without spaces and braces.
   * Default `shyim:`.
   */
  readonly prefix?: string;
  /** TLS, with what it needs. Default: off, or on where the URL begins with `rediss:`. */
  readonly tls?: boolean | RedisTls;
}

/** One Redis, by its URL. */
export interface RedisUrlOptions extends CommonOptions {
  /** `redis://user:password@host:6379/0`, or `rediss:` for TLS. */
  readonly url: string;
  readonly host?: never;
  readonly cluster?: never;
}

/** One Redis, by its parts. */
export interface RedisHostOptions extends CommonOptions {
  readonly host: string;
  /** Default 6379. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  /** Which of its databases. Default 0. */
  readonly db?: number;
  readonly url?: never;
  readonly cluster?: never;
}

/** A Redis Cluster. */
export interface RedisClusterOptions extends CommonOptions {
  /** Some of its nodes, as `host:port`; the others are found through them. */
  readonly cluster: readonly string[];
  readonly username?: string;
  readonly password?: string;
  readonly url?: never;
  readonly host?: never;
}

/** Options of `redisPresence`. */
export type RedisPresenceOptions = RedisUrlOptions | RedisHostOptions | RedisClusterOptions;

type Values = Readonly<Record<string, unknown>>;
type Rule = readonly [name: string, isFine: (value: unknown) => boolean, rule: string];

const MAX_PORT = 65_535;
const MAX_PREFIX = 64;
const TLS_NAMES = ["ca", "cert", "key", "servername"];

const PREFIX: Rule = [
  "prefix",
  isPrefix,
  `expected up to ${MAX_PREFIX} printable ASCII characters without spaces and braces`,
];
const HOST: Rule = ["host", isText, "expected a host"];
const PORT: Rule = ["port", isPort, `expected an integer from 1 to ${MAX_PORT}`];
const DB: Rule = ["db", (value) => Number.isInteger(value) && Number(value) >= 0, "expected an integer from 0 on"];
const CLUSTER: Rule = ["cluster", isCluster, "expected a list of addresses such as 10.0.0.5:6379, at least one"];

/** What may hold a secret: named, never repeated. */
const SECRETS: Readonly<Record<string, (value: unknown) => boolean>> = {
  url: isRedisUrl,
  username: isText,
  password: isText,
  tls: isTls,
};
const SECRET_RULES: Readonly<Record<string, string>> = {
  url: "expected redis://user:password@host:6379/0, or rediss: for TLS, and nothing behind it",
  username: "expected a text that is not empty",
  password: "expected a text that is not empty",
  tls: `expected true, false or { ${TLS_NAMES.join(", ")} }, each of them a text or bytes`,
};

/** Errors: one `invalid_argument` that lists every problem. */
export function assertOptions(options: RedisPresenceOptions): void {
  const problems = problemsOf(Object(options) as Values);
  if (problems.length === 0) return;
  const message = `redisPresence: the options are not valid\n${problems.map((each) => `  - ${each}`).join("\n")}`;
  throw new ImError("invalid_argument", { message });
}

function problemsOf(options: Values): string[] {
  const places = ["url", "host", "cluster"].filter((name) => options[name] !== undefined);
  if (places.length !== 1) return ["expected exactly one of url, host and cluster: where Redis is"];
  if (places[0] === "url") return check(options, [PREFIX], ["url", "tls"]);
  if (places[0] === "host") return check(options, [PREFIX, HOST, PORT, DB], ["username", "password", "tls"]);
  return check(options, [PREFIX, CLUSTER], ["username", "password", "tls"]);
}

function check(options: Values, rules: readonly Rule[], secrets: readonly string[]): string[] {
  const problems: string[] = [];
  for (const [name, isFine, rule] of rules) {
    if (isGiven(options, name) && !isFine(options[name]))
      problems.push(`${name}: ${rule}, got ${describe(options[name])}`);
  }
  for (const name of secrets) {
    if (isGiven(options, name) && !SECRETS[name]?.(options[name])) problems.push(`${name}: ${SECRET_RULES[name]}`);
  }
  const known = [...rules.map(([name]) => name), ...secrets];
  const unknown = Object.keys(options).filter((name) => isGiven(options, name) && !known.includes(name));
  return [...problems, ...unknown.map((name) => `${name}: there is no such option here`)];
}

const isGiven = (options: Values, name: string): boolean => options[name] !== undefined;

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_PORT;
}

function isPrefix(value: unknown): boolean {
  return typeof value === "string" && value.length <= MAX_PREFIX && /^[!-z|~]*$/.test(value);
}

function isCluster(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isAddress);
}

function isAddress(value: unknown): boolean {
  const port =
    typeof value === "string" ? /^(?:\[[\da-fA-F:.]+\]|[^\s:/@[\]]+):(\d{1,5})$/.exec(value)?.[1] : undefined;
  return port !== undefined && isPort(Number(port));
}

function isRedisUrl(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(value);
  const isPlace = ["redis:", "rediss:"].includes(protocol) && hostname !== "" && /^\/?$|^\/\d{1,5}$/.test(pathname);
  return isPlace && search === "" && hash === "" && areDecodable(new URL(value));
}

function areDecodable({ username, password }: URL): boolean {
  try {
    return [username, password].map(decodeURIComponent).length === 2;
  } catch {
    return false;
  }
}

function isTls(value: unknown): boolean {
  if (typeof value === "boolean") return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, part]) => TLS_NAMES.includes(name) && (isText(part) || isBytes(part)));
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array && value.length > 0;
}
