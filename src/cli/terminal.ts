/** Where the program's words go: a line each, without the break at its end. */
export interface Terminal {
  /** What was asked for. */
  out(line: string): void;
  /** What went wrong. */
  err(line: string): void;
}
