/** One text that is replaced; it must stand in its file exactly once. */
export interface Edit {
  /** Relative to the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A fault put into the real sources: the simulation has to notice it. */
export interface Mutant {
  /** What the changed code does. */
  readonly name: string;
  /** The row of the faults of the original design, or the line of the contract, that it brings back. */
  readonly row: string;
  readonly edits: readonly Edit[];
  /** How many servers there are in its schedules. Default: one or several, drawn for each. */
  readonly nodes?: 3;
  /** Tried with every test run; the others by `npm run mutants`. */
  readonly always?: true;
}
