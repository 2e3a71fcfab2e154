import { describe, expect, it } from "vitest";
import { readLibrary, type SourceFile } from "./source-files.js";

/** The wall. The aim is a hundred lines; above three hundred, look hard (CONTRIBUTING.md says the same). */
const maxLines = 400;

const tooLong = (files: readonly SourceFile[]): string[] =>
  files.filter(({ text }) => text.trimEnd().split("\n").length > maxLines).map(({ path }) => path);

describe("the length of a file", () => {
  it(`stays at or below ${maxLines} lines everywhere in the library`, () => {
    expect(tooLong(readLibrary())).toEqual([]);
  });

  it("is refused one line above and accepted at the limit", () => {
    const lines = (count: number): SourceFile => ({ path: `src/core/${count}.ts`, text: "x\n".repeat(count) });
    expect(tooLong([lines(maxLines), lines(maxLines + 1)])).toEqual([`src/core/${maxLines + 1}.ts`]);
  });
});
