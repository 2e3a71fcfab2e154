import { fromBase64Url, toBase64Url } from "../platform/base64-url.js";
import type { ScryptCost } from "../platform/scrypt.js";

/** A hashed password, as it is stored: `scrypt$15$8$3$<salt>$<key>`, the last two in base64url. */
export interface StoredPassword {
  readonly cost: ScryptCost;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

const SCHEME = "scrypt";
const MAX_LENGTH = 256;
/** What a row of the database may make the server pay, at most: 256 MiB for one hash, and 11 times the work of today's. */
const MAX_BLOCKS = 2 ** 21;
const MAX_WORK = 2 ** 23;
const MAX_LOG2_N = 20;
const MAX_FACTOR = 64;
const SALT_BYTES = { min: 8, max: 64 };
const KEY_BYTES = { min: 16, max: 64 };

/** The text to store. */
export function formatStoredPassword({ cost, salt, key }: StoredPassword): string {
  return [SCHEME, cost.log2N, cost.r, cost.p, toBase64Url(salt), toBase64Url(key)].join("$");
}

/** What {@link formatStoredPassword} has written; `null` for anything else, and for a cost that nobody should pay. */
export function parseStoredPassword(text: string): StoredPassword | null {
  if (text.length > MAX_LENGTH) return null;
  const [scheme, log2N = "", r = "", p = "", saltText = "", keyText = "", ...rest] = text.split("$");
  if (scheme !== SCHEME || rest.length > 0) return null;
  const cost = parseCost(log2N, r, p);
  const [salt, key] = [parseBytes(saltText, SALT_BYTES), parseBytes(keyText, KEY_BYTES)];
  return cost === null || salt === null || key === null ? null : { cost, salt, key };
}

function parseCost(log2NText: string, rText: string, pText: string): ScryptCost | null {
  const [log2N, r, p] = [
    parseCount(log2NText, MAX_LOG2_N),
    parseCount(rText, MAX_FACTOR),
    parseCount(pText, MAX_FACTOR),
  ];
  if (log2N === null || r === null || p === null) return null;
  const blocks = 2 ** log2N * r;
  return blocks <= MAX_BLOCKS && blocks * p <= MAX_WORK ? { log2N, r, p } : null;
}

function parseCount(text: string, max: number): number | null {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= max && String(value) === text ? value : null;
}

function parseBytes(text: string, { min, max }: { readonly min: number; readonly max: number }): Uint8Array | null {
  const bytes = fromBase64Url(text);
  return bytes !== null && bytes.length >= min && bytes.length <= max ? bytes : null;
}
