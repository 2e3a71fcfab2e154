/** The terminal: three screens beside each other, notes between them, and no colours where nobody can see them. */

const WIDTH = 33;
const COLOURS = [36, 33, 35];
const isTerminal = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (colour: number, text: string) => (isTerminal ? `\x1b[${colour}m${text}\x1b[0m` : text);

/** A line of the screen in a column, 0 to 2. */
export function printOn(column: number, line: string): void {
  const cells = [0, 1, 2].map((each) =>
    each === column ? paint(COLOURS[each] ?? 0, line.padEnd(WIDTH)) : " ".repeat(WIDTH),
  );
  console.log(cells.join("| ").trimEnd());
}

/** The names of the screens. */
export function printHeads(heads: readonly string[]): void {
  console.log(
    heads
      .map((head) => head.padEnd(WIDTH))
      .join("| ")
      .trimEnd(),
  );
}

/** What happens around the screens. */
export function note(line: string): void {
  console.log(paint(2, `--- ${line} ---`));
}

/** Lets a person read; where nobody reads it takes no time. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, process.stdout.isTTY ? 600 : 0));
}
