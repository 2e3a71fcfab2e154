/** The rows in what a raw statement gave, for the dialect at hand. */
export type RowsOf = (answer: unknown) => unknown[];

/** A number that can be bound: `Infinity` is as good as the largest. */
export function toSafeInteger(value: number): number {
  return Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER);
}
