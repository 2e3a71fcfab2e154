/** What became of one project. */
export interface Outcome {
  readonly name: string;
  readonly versions: string;
  readonly seconds: number;
  readonly received: readonly string[];
  readonly problem: string | null;
}

/** The table at the end: a line for every message that was received, or what went wrong. */
export function printTable(outcomes: readonly Outcome[]): void {
  const rows = outcomes.flatMap(({ name, versions, seconds, received, problem }) => {
    const last =
      problem === null ? received : [...received, `FAILED: ${problem.split("\n")[0]?.replace(" It printed:", "")}`];
    return last.map((text, index) =>
      index === 0 ? [name, versions, `${seconds.toFixed(1)} s`, text] : ["", "", "", text],
    );
  });
  const table = [["project", "versions", "time", "printed"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}
