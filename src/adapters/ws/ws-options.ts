import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";
import { normalizeOrigin, type OriginRule } from "./origin.js";

/** Options of `wsTransport`. */
export interface WsTransportOptions {
  /** Where sockets are opened: an absolute path, compared exactly, without query. Default `"/ws"`. */
  readonly path?: string;
  /**
   * Which pages may connect: origins such as `"https://app.example"`, or `"*"` for all. Default: the page's host must
   * equal the request's Host header; give a list when a proxy rewrites Host, or against DNS rebinding. A page that is
   * not allowed, and `Origin: null`, gets HTTP 403. Requests without an Origin come from no browser and are let in.
   */
  readonly origins?: "*" | readonly string[];
  /**
   * Off by default. Behind a proxy: the header it writes the client's address into, such as `"x-forwarded-for"`; the
   * last entry counts. Name it only if every request passes that proxy, otherwise anyone can invent an address.
   */
  readonly trustProxy?: string | false;
}

/** The same with nothing left open. */
export interface WsSettings {
  readonly path: string;
  readonly origins: OriginRule;
  readonly trustProxy: string | null;
}

const DEFAULT_PATH = "/ws";
const KNOWN: ReadonlySet<string> = new Set(["path", "origins", "trustProxy"]);
const PATH = /^\/[!$&'()*+,\-./0-9:;=@A-Z_a-z~%]{0,255}$/;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]{1,64}$/;

function parsePath(path: unknown, problems: string[]): string {
  if (path === undefined) return DEFAULT_PATH;
  if (typeof path === "string" && PATH.test(path)) return path;
  problems.push(`path: must start with "/" and hold neither query nor fragment, got ${describe(path)}`);
  return DEFAULT_PATH;
}

function parseOrigins(origins: unknown, problems: string[]): OriginRule {
  if (origins === undefined) return "same-host";
  if (origins === "*") return "any";
  if (!Array.isArray(origins) || origins.length === 0) {
    problems.push(`origins: must be "*" or a list such as ["https://app.example"], got ${describe(origins)}`);
    return new Set();
  }
  return new Set(origins.flatMap((origin: unknown, index) => parseOrigin(origin, index, problems)));
}

function parseOrigin(origin: unknown, index: number, problems: string[]): string[] {
  const normalized = typeof origin === "string" ? normalizeOrigin(origin) : null;
  if (normalized !== null) return [normalized];
  const got = describe(origin);
  problems.push(`origins[${index}]: must be scheme, host and perhaps a port ("https://app.example"), got ${got}`);
  return [];
}

function parseTrustProxy(header: unknown, problems: string[]): string | null {
  if (header === undefined || header === false) return null;
  if (typeof header === "string" && HEADER_NAME.test(header.toLowerCase())) return header.toLowerCase();
  problems.push(`trustProxy: must be false or a header name such as "x-forwarded-for", got ${describe(header)}`);
  return null;
}

function parseEach(options: Readonly<Record<string, unknown>>, problems: string[]): WsSettings {
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name)) problems.push(`${name}: there is no such option; there are ${[...KNOWN].join(", ")}`);
  }
  return {
    path: parsePath(options.path, problems),
    origins: parseOrigins(options.origins, problems),
    trustProxy: parseTrustProxy(options.trustProxy, problems),
  };
}

/** Fills in the defaults. Throws one `invalid_argument` that names every problem with what was received. */
export function parseWsOptions(options: unknown): WsSettings {
  const problems: string[] = [];
  const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
  if (!isObject) problems.push(`must be an object, got ${describe(options)}`);
  const settings = parseEach(isObject ? (options as Record<string, unknown>) : {}, problems);
  if (problems.length === 0) return settings;
  throw new ImError("invalid_argument", { message: `wsTransport options: ${problems.join("; ")}` });
}
