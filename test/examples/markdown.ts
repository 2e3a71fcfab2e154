import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryFolder } from "../house/source-files.js";

/** A document of the repository. */
export function readDocument(path: string): string {
  return readFileSync(join(repositoryFolder, path), "utf8");
}

/** The TypeScript blocks of a document, by the file name behind the word `ts`. */
export function typescriptBlocks(document: string): ReadonlyMap<string, string> {
  const blocks = [...document.matchAll(/^```ts(.*)\n([\s\S]*?)^```$/gm)];
  return new Map(blocks.map(([, name = "", code = ""]) => [name.trim(), code]));
}

/** The cells of every row of the table whose head begins with `head`, without head and rule. */
export function tableRows(document: string, head: string): string[][] {
  const [, rows = ""] = document.split(`| ${head} |`, 2);
  const body = rows.slice(rows.indexOf("\n") + 1).split("\n");
  const end = body.findIndex((line) => !line.startsWith("|"));
  return body.slice(1, end).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** The words in `code` of a text. */
export function codeWords(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}
