/** The lowest decimal from `from` on that is no id in `rows`: an application may have taken some as ids of its own. */
export function freeDecimal(rows: ReadonlyMap<string, unknown>, from: number): number {
  let candidate = from;
  while (rows.has(String(candidate))) candidate++;
  return candidate;
}
