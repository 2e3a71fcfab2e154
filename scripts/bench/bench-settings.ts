/** What a bench is given. */
export interface BenchSettings {
  /** Prints a line for people: how far it is, what came out. */
  readonly say: (line?: string) => void;
  /** Prints what was asked for with `--json`; nothing else reaches stdout then. `null` where it was not asked for. */
  readonly answer: ((document: object) => void) | null;
  /** Where files may be made; each bench removes its own. */
  readonly folder: string;
  /** How long each line is measured, ms. */
  readonly durationMs: number;
  /** Names of `--only`; empty for everything. */
  readonly only: readonly string[];
  /** Aborted when somebody wants the bench to end: what it has changed is put back first. */
  readonly signal: AbortSignal;
}

/** A figure as people read it, right-aligned. */
export function figure(value: number, digits = 0): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).padStart(10);
}
