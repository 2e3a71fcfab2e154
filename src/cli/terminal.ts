/** Where the program's words go: a line each, without the break at its end. */
export interface Terminal {
  /** What was asked for. */
  out(line: string): void;
  /** What went wrong. */
  err(line: string): void;
  /** How often the progress of long work is told at most, ms. Default 1,000. */
  readonly progressMs?: number;
}
