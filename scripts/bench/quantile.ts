/** The value that a part of all values do not exceed: 0.5 for the median, 0.99 for what one in a hundred exceeds. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
