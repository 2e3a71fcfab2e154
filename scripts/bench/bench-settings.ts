/** What a bench is given. */
export interface BenchSettings {
  /** Prints a line. */
  readonly say: (line?: string) => void;
  /** Where files may be made; each bench removes its own. */
  readonly folder: string;
  /** How long each line is measured, ms. */
  readonly durationMs: number;
}

/** Repeats `work`, which says how many things it did, until the time is up. Gives things per second. */
export async function ratePerSecond(durationMs: number, work: () => Promise<number>): Promise<number> {
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < durationMs) count += await work();
  return (count * 1_000) / (performance.now() - begin);
}

/** A figure as people read it, right-aligned. */
export function figure(value: number): string {
  return Math.round(value).toLocaleString("en").padStart(10);
}
