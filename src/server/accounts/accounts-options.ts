import { encodeText, toHex } from "../../core/bytes.js";
import { ImError } from "../../core/errors.js";
import { describe, isId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";

/** A secret that tokens are signed with. */
export interface AccountsKey {
  /** Travels in every token, so that its key is found: 1–64 printable ASCII characters without spaces, never the same twice. */
  readonly id: string;
  /** At least 32 bytes that nobody can guess; of a text its UTF-8 counts. `openssl rand -base64 32` makes one. */
  readonly secret: string | Uint8Array;
}

/** What the built-in accounts take. Everything has a default. */
export interface AccountsOptions {
  /**
   * The first signs, all verify: to change the secret, put the new one first and take the old one out when `tokenTtlMs` has gone
   * by. Default: a random key of this process, so that a restart ends every token.
   */
  readonly keys?: readonly AccountsKey[];
  /** Who issues the tokens, their `iss`. Default "shyim". */
  readonly issuer?: string;
  /** Whom they are for, their `aud`. Default "shyim". */
  readonly audience?: string;
  /** How long a token is valid, ms, 1 minute to 30 days. Default 24 hours. */
  readonly tokenTtlMs?: number;
  /**
   * Whether users may add friends by phone number, and so find out one by one who has an account. With `false` the call is answered
   * `forbidden`. Default true.
   */
  readonly findByPhoneNumber?: boolean;
  /**
   * The salt that the original ShyIM hashed passwords with (`salt` in its configuration), after `npx shyim import`: its users sign in
   * with the passwords they had, and each gets a proper hash when they do. Default: imported passwords open nothing.
   */
  readonly importedPasswordSalt?: string;
}

/** What tokens are made with. */
export interface TokenSettings {
  /** Never empty. */
  readonly keys: readonly { readonly id: string; readonly secret: Uint8Array }[];
  readonly issuer: string;
  readonly audience: string;
  readonly tokenTtlMs: number;
}

/** {@link AccountsOptions} with nothing left open. */
export interface AccountsSettings extends TokenSettings {
  readonly findByPhoneNumber: boolean;
  readonly importedPasswordSalt: string | undefined;
}

const NAMES: readonly string[] = [
  "keys",
  "issuer",
  "audience",
  "tokenTtlMs",
  "findByPhoneNumber",
  "importedPasswordSalt",
] satisfies (keyof AccountsOptions)[];
const MIN_SECRET_BYTES = 32;
const DEFAULT_NAME = "shyim";
const MAX_NAME_LENGTH = 200;
const TTL_MS = { min: 60_000, max: 30 * 86_400_000, default: 86_400_000 };

/** Every problem with these options, as `keys.0.secret: expected …`; empty when there is none. No secret is in any of them. */
export function accountsProblems(options: unknown): readonly string[] {
  if (typeof options !== "object" || options === null) return [`expected an object, got ${describe(options)}`];
  const { keys, issuer, audience, tokenTtlMs, findByPhoneNumber, importedPasswordSalt } = options as Partial<
    Record<string, unknown>
  >;
  const unknown = Object.keys(options).filter((name) => !NAMES.includes(name));
  return [
    ...unknown.map((name) => `${name}: there is no such option`),
    ...(keys === undefined ? [] : keyProblems(keys)),
    ...nameProblems("issuer", issuer),
    ...nameProblems("audience", audience),
    ...ttlProblems(tokenTtlMs),
    ...flagProblems("findByPhoneNumber", findByPhoneNumber),
    ...saltProblems(importedPasswordSalt),
  ];
}

/** The options with their defaults. Errors: one `invalid_argument` with all {@link accountsProblems}. */
export function parseAccountsOptions(options: AccountsOptions, runtime: Runtime): AccountsSettings {
  const problems = accountsProblems(options);
  if (problems.length > 0) throw new ImError("invalid_argument", { message: `accounts: ${problems.join("; ")}` });
  return {
    keys: options.keys?.map(({ id, secret }) => ({ id, secret: bytesOf(secret) })) ?? [randomKey(runtime)],
    issuer: options.issuer ?? DEFAULT_NAME,
    audience: options.audience ?? DEFAULT_NAME,
    tokenTtlMs: options.tokenTtlMs ?? TTL_MS.default,
    findByPhoneNumber: options.findByPhoneNumber ?? true,
    importedPasswordSalt: options.importedPasswordSalt,
  };
}

function randomKey(runtime: Runtime): { readonly id: string; readonly secret: Uint8Array } {
  return { id: toHex(runtime.randomBytes(8)), secret: runtime.randomBytes(MIN_SECRET_BYTES) };
}

const bytesOf = (secret: string | Uint8Array): Uint8Array =>
  typeof secret === "string" ? encodeText(secret) : secret.slice();

function keyProblems(keys: unknown): string[] {
  if (!Array.isArray(keys) || keys.length === 0) {
    return [
      "keys: expected a list of { id, secret }, the first one signs; leave it out for a random key of this process",
    ];
  }
  const ids = keys.map((key: unknown) => (isObject(key) ? key.id : undefined));
  return keys.flatMap((key: unknown, index) => [
    ...idProblems(`keys.${index}.id`, ids[index], ids.indexOf(ids[index]) === index),
    ...secretProblems(`keys.${index}.secret`, isObject(key) ? key.secret : undefined),
  ]);
}

function idProblems(path: string, id: unknown, isFirst: boolean): string[] {
  if (!isId(id)) return [`${path}: expected 1–64 printable ASCII characters without spaces`];
  return isFirst ? [] : [`${path}: expected an id that no other key has, got ${describe(id)}`];
}

function secretProblems(path: string, secret: unknown): string[] {
  const expected = `expected at least ${MIN_SECRET_BYTES} bytes that nobody can guess (openssl rand -base64 32)`;
  if (typeof secret !== "string" && !(secret instanceof Uint8Array)) return [`${path}: ${expected}`];
  const { length } = bytesOf(secret);
  return length >= MIN_SECRET_BYTES ? [] : [`${path}: ${expected}, got ${length}`];
}

function nameProblems(path: string, name: unknown): string[] {
  if (name === undefined) return [];
  const isName = typeof name === "string" && name.length > 0 && name.length <= MAX_NAME_LENGTH && name.isWellFormed();
  return isName ? [] : [`${path}: expected a text of 1–${MAX_NAME_LENGTH} characters, got ${describe(name)}`];
}

function ttlProblems(ttlMs: unknown): string[] {
  if (ttlMs === undefined) return [];
  const isInside = Number.isSafeInteger(ttlMs) && (ttlMs as number) >= TTL_MS.min && (ttlMs as number) <= TTL_MS.max;
  return isInside
    ? []
    : [`tokenTtlMs: expected an integer from ${TTL_MS.min} to ${TTL_MS.max}, got ${describe(ttlMs)}`];
}

function flagProblems(path: string, flag: unknown): string[] {
  if (flag === undefined || typeof flag === "boolean") return [];
  return [`${path}: expected true or false, got ${describe(flag)}`];
}

/** What it is stays out of the text: with it the old hashes are easier to reverse. */
function saltProblems(salt: unknown): string[] {
  if (salt === undefined || (typeof salt === "string" && salt !== "")) return [];
  const received = salt === "" ? "an empty one" : `a value of type ${typeof salt}`;
  return [`importedPasswordSalt: expected a text, got ${received}`];
}

const isObject = (value: unknown): value is Partial<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
