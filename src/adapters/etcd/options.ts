import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";

/** What TLS needs beyond being on. The server's certificate is always verified. */
export interface EtcdTls {
  /** PEM of the authority that signed the servers' certificates. Default: those that Node knows. */
  readonly ca?: string | Uint8Array;
  /** PEM of this client's certificate, where the servers ask for one; with `key`. */
  readonly cert?: string | Uint8Array;
  /** PEM of its key. */
  readonly key?: string | Uint8Array;
}

/** Options of `etcdDiscovery`. */
export interface EtcdDiscoveryOptions {
  /** The servers of the etcd cluster, as `host:port`, `http://host:port` or, for TLS, `https://host:port`. One is used at a time. */
  readonly hosts: readonly string[];
  /**
   * Begins every key, so that several clusters may share one etcd: up to 128 printable ASCII characters without spaces.
   * Default `shyim/`.
   */
  readonly prefix?: string;
  /** Who we are, where etcd asks. */
  readonly auth?: { readonly username: string; readonly password: string };
  /** TLS, with what it needs. Default: off, or on where the hosts begin with `https:`. */
  readonly tls?: boolean | EtcdTls;
  /** A node that ends without a goodbye is forgotten after so long, seconds: 3 to 60. Default 10. */
  readonly leaseSeconds?: number;
}

type Values = Readonly<Record<string, unknown>>;

const NAMES = ["hosts", "prefix", "auth", "tls", "leaseSeconds"];
const TLS_NAMES = ["ca", "cert", "key"];
const MAX_PREFIX = 128;
const LEASE_SECONDS = { min: 3, max: 60 };

/** Errors: one `invalid_argument` that lists every problem. */
export function assertOptions(options: EtcdDiscoveryOptions): void {
  const problems = problemsOf(Object(options) as Values);
  if (problems.length === 0) return;
  const message = `etcdDiscovery: the options are not valid\n${problems.map((each) => `  - ${each}`).join("\n")}`;
  throw new ImError("invalid_argument", { message });
}

function problemsOf(options: Values): string[] {
  const { hosts, prefix, auth, tls, leaseSeconds } = options;
  const { min, max } = LEASE_SECONDS;
  return [
    ...hostProblems(hosts, tls),
    ...(isPrefix(prefix) ? [] : [`prefix: expected ${PREFIX_RULE}, got ${describe(prefix)}`]),
    // What may hold a secret is not repeated.
    ...(isAuth(auth) ? [] : ["auth: expected { username, password }, two texts that are not empty"]),
    ...(isTls(tls)
      ? []
      : [`tls: expected true, false or { ${TLS_NAMES.join(", ")} }, each a text or bytes; key with cert`]),
    ...(isLease(leaseSeconds)
      ? []
      : [`leaseSeconds: expected an integer from ${min} to ${max}, got ${describe(leaseSeconds)}`]),
    ...Object.keys(options)
      .filter((name) => !NAMES.includes(name))
      .map((name) => `${name}: there is no such option`),
  ];
}

const PREFIX_RULE = `up to ${MAX_PREFIX} printable ASCII characters without spaces`;

function hostProblems(hosts: unknown, tls: unknown): string[] {
  if (!Array.isArray(hosts) || hosts.length === 0)
    return [`hosts: expected a list of addresses such as 10.0.0.5:2379, at least one, got ${describe(hosts)}`];
  const wrong = hosts.filter((host) => !isHost(host));
  if (wrong.length > 0)
    return wrong.map((host) => `hosts: expected an address such as 10.0.0.5:2379, got ${addressText(host)}`);
  const schemes = new Set(hosts.map((host: string) => /^https?:/.exec(host)?.[0] ?? ""));
  if (schemes.has("https:") && (schemes.size > 1 || tls === false))
    return ["hosts: expected https: at all of them, or at none and tls off"];
  return schemes.has("http:") && isOn(tls) ? ["hosts: expected https: where tls is on, got http:"] : [];
}

/** A URL may hold a password. */
function addressText(host: unknown): string {
  return typeof host === "string" && host.includes("@") ? "one with a user: give auth" : describe(host);
}

function isHost(host: unknown): boolean {
  const port =
    typeof host === "string"
      ? /^(?:https?:\/\/)?(?:\[[\da-fA-F:.]+\]|[^\s:/@[\]?#]+):(\d{1,5})\/?$/.exec(host)?.[1]
      : undefined;
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}

function isPrefix(prefix: unknown): boolean {
  return prefix === undefined || (typeof prefix === "string" && /^[!-~]*$/.test(prefix) && prefix.length <= MAX_PREFIX);
}

function isLease(seconds: unknown): boolean {
  const { min, max } = LEASE_SECONDS;
  return seconds === undefined || (Number.isInteger(seconds) && Number(seconds) >= min && Number(seconds) <= max);
}

function isAuth(auth: unknown): boolean {
  if (auth === undefined) return true;
  const { username, password, ...others } = Object(auth) as Values;
  const areTexts = [username, password].every((text) => typeof text === "string" && text !== "");
  return areTexts && Object.keys(others).length === 0;
}

function isTls(tls: unknown): boolean {
  if (tls === undefined || typeof tls === "boolean") return true;
  if (typeof tls !== "object" || tls === null || Array.isArray(tls)) return false;
  const parts = Object.entries(tls).filter(([, part]) => part !== undefined);
  const names = parts.map(([name]) => name);
  return (
    names.includes("cert") === names.includes("key") &&
    parts.every(([name, part]) => TLS_NAMES.includes(name) && isPem(part))
  );
}

function isOn(tls: unknown): boolean {
  return tls !== undefined && tls !== false;
}

function isPem(part: unknown): boolean {
  return (typeof part === "string" || part instanceof Uint8Array) && part.length > 0;
}
