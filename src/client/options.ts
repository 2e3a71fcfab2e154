import { ImError } from "../core/errors.js";
import { describe, isId } from "../core/model.js";
import type { ClientStore } from "./contracts.js";
import { memoryStore } from "./stores/memory-store.js";
import type { TokenOption } from "./token.js";
import type { WebSocketConstructor } from "./web-socket.js";

/** Options of a client. */
export interface ClientOptions {
  /** Where the server listens: `ws://…` or `wss://…`. */
  readonly url: string;
  /**
   * Who this is: a token, or a function that gets one, called before every try to connect. It may answer
   * `{ token, expiresAt }`; then the token is used until shortly before that moment and renewed on the open connection.
   * `expiresAt` is ms since 1970 by the server's clock, as the token itself says, whatever this device's clock shows.
   * When the function throws, the client waits and asks again; an `ImError("unauthenticated")` ends it for good.
   */
  readonly token: TokenOption;
  /**
   * What survives: default `memoryStore()`, which survives reconnects; in browsers `indexedDbStore(name)` survives
   * reloads, too. Every user needs a store of their own.
   */
  readonly store?: ClientStore | undefined;
  /** For servers that allow one device per kind, for example `"phone"`. Default: none. */
  readonly deviceKind?: string | undefined;
  /**
   * Gives up on messages that were not transmitted within this time, ms; `send()` then rejects with `expired`.
   * A message that may have reached the server is never given up; neither is one found in the store at start.
   * Default: off.
   */
  readonly sendTtlMs?: number | undefined;
  /** Most unsettled messages; beyond it `send()` rejects with `busy`. Default 10,000. */
  readonly maxOutbox?: number | undefined;
  /**
   * Most bytes of content of one message; beyond it `send()` rejects with `too_large`. Default 32,768, as the server's,
   * which it must not exceed: the server refuses a larger content, and for a frame above its `maxFrameBytes` it ends the
   * connection. The client then gives up the largest message under way (`too_large`) and comes back with the rest.
   */
  readonly maxContentBytes?: number | undefined;
  /** Most messages under way on one connection. Default 32, as the server's. */
  readonly window?: number | undefined;
  /** The constructor of sockets. Default: the built-in `WebSocket`, in Node without one the `ws` package. */
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/** Options with every default. */
export interface ClientSettings {
  readonly url: string;
  readonly token: TokenOption;
  readonly store: ClientStore;
  readonly deviceKind: string;
  readonly sendTtlMs: number | null;
  readonly maxOutbox: number;
  readonly maxContentBytes: number;
  readonly window: number;
}

type Check = (value: unknown) => string | null;

const STORE_METHODS: readonly (keyof ClientStore)[] = ["load", "apply", "known", "close"];

/** What each option must be; `null` means fine. */
const CHECKS: Readonly<Record<keyof ClientOptions, Check>> = {
  url: (value) =>
    typeof value === "string" && /^wss?:\/\/[^/]/.test(value) ? null : "must begin with ws:// or wss://",
  token: (value) =>
    (typeof value === "string" && value !== "") || typeof value === "function"
      ? null
      : "must be a non-empty string or a function",
  store: optional((value) => (isStore(value) ? null : `must have the methods ${STORE_METHODS.join(", ")}`)),
  deviceKind: optional((value) => (isId(value) ? null : "must be 1–64 printable ASCII characters without spaces")),
  sendTtlMs: optional((value) => (isPositive(value) ? null : "must be a number of milliseconds above 0")),
  maxOutbox: optional((value) => (isCount(value, 1_000_000) ? null : "must be a whole number from 1 to 1000000")),
  maxContentBytes: optional((value) =>
    isCount(value, 2 ** 30) ? null : `must be a whole number from 1 to ${2 ** 30}`,
  ),
  window: optional((value) => (isCount(value, 1_024) ? null : "must be a whole number from 1 to 1024")),
  WebSocket: optional((value) => (typeof value === "function" ? null : "must be a constructor")),
};

/** Checks the options and adds the defaults. Throws one `invalid_argument` that lists every problem. */
export function parseOptions(options: ClientOptions): ClientSettings {
  const given: unknown = options;
  if (typeof given !== "object" || given === null) throw refuse([`options must be an object, got ${describe(given)}`]);
  const problems = [...wrongValues(given), ...unknownNames(given)];
  if (problems.length > 0) throw refuse(problems);
  return {
    url: options.url,
    token: options.token,
    store: options.store ?? memoryStore(),
    deviceKind: options.deviceKind ?? "",
    sendTtlMs: options.sendTtlMs ?? null,
    maxOutbox: options.maxOutbox ?? 10_000,
    maxContentBytes: options.maxContentBytes ?? 32_768,
    window: options.window ?? 32,
  };
}

function wrongValues(given: object): string[] {
  return Object.entries(CHECKS).flatMap(([name, check]) => {
    const value: unknown = (given as Record<string, unknown>)[name];
    const problem = check(value);
    return problem === null ? [] : [`${name} ${problem}, got ${describe(value)}`];
  });
}

function unknownNames(given: object): string[] {
  const known = Object.keys(CHECKS);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `${describe(name)} is no option; there are ${known.join(", ")}`);
}

function refuse(problems: readonly string[]): ImError {
  return new ImError("invalid_argument", { message: `createImClient: ${problems.join("; ")}` });
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? null : check(value));
}

function isStore(value: unknown): boolean {
  return typeof value === "object" && value !== null && STORE_METHODS.every((name) => isMethod(value, name));
}

function isMethod(value: object, name: string): boolean {
  return typeof (value as Record<string, unknown>)[name] === "function";
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isCount(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
