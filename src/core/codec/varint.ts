/** Base-128 numbers up to 2^53 − 1, for the places where bytes are written straight into one allocation. */

/** How many bytes `value` (a safe integer ≥ 0) takes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

/** Writes `value` (a safe integer ≥ 0) at `at` and returns the place behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let next = at;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[next++] = (rest % 0x80) + 0x80;
  bytes[next++] = rest;
  return next;
}
