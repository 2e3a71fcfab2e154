/** Ceiling of the first wait, ms. */
export const FIRST_CEILING_MS = 500;
/** Ceiling of every wait, ms. */
export const LAST_CEILING_MS = 30_000;

/**
 * How long to wait before try number `tries` (0 is the first repeat), ms: anything between nothing and a ceiling that
 * doubles from {@link FIRST_CEILING_MS} to {@link LAST_CEILING_MS} ("full jitter": clients that failed together
 * do not come back together).
 * @param random uniform in [0, 1)
 */
export function backoffMs(tries: number, random: number): number {
  return random * Math.min(LAST_CEILING_MS, FIRST_CEILING_MS * 2 ** Math.min(tries, 16));
}

/** Counts failures in a row. */
export class Backoff {
  readonly #random: () => number;
  #tries = 0;

  /** @param random uniform in [0, 1) */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** The wait after one more failure, ms. */
  next(): number {
    return backoffMs(this.#tries++, this.#random());
  }

  /** After a success that lasted: the next failure is the first again. */
  reset(): void {
    this.#tries = 0;
  }
}
