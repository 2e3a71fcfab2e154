import { scrypt, timingSafeEqual } from "node:crypto";

/** What one derivation costs. Memory is 128 · 2^`log2N` · `r` bytes, work grows with 2^`log2N` · `r` · `p`. */
export interface ScryptCost {
  /** Binary logarithm of RFC 7914's N. */
  readonly log2N: number;
  /** Block size, in units of 128 bytes. */
  readonly r: number;
  /** How many times the memory is gone through, one after the other. */
  readonly p: number;
}

/** Derives `keyBytes` bytes from a password. The caller has made sure that the cost is one to pay. */
export type DeriveKey = (
  password: Uint8Array,
  salt: Uint8Array,
  cost: ScryptCost,
  keyBytes: number,
) => Promise<Uint8Array>;

/** scrypt (RFC 7914) on a thread of Node's pool. It may take exactly the memory that its cost says. */
export const deriveScryptKey: DeriveKey = (password, salt, { log2N, r, p }, keyBytes) => {
  const N = 2 ** log2N;
  const maxmem = 128 * r * (N + p + 2);
  return new Promise((resolve, reject) => {
    scrypt(password, salt, keyBytes, { N, r, p, maxmem }, (error, key) => (error ? reject(error) : resolve(key)));
  });
};

/** Whether two keys are the same, in a time that does not depend on where they differ. */
export function isSameKey(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
