import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryFolder } from "../house/source-files.js";
import { codeWords, readDocument, tableRows } from "./markdown.js";

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "docs/delivery.md",
  "docs/accounts.md",
  "docs/cluster.md",
  "docs/comparison.md",
  "docs/import.md",
  "docs/performance.md",
  "docs/reference.md",
  "docs/storage.md",
  "test/security/README.md",
  "examples/cluster/README.md",
  "examples/embed-express/README.md",
  "examples/embed-fastify/README.md",
  "examples/web-chat/README.md",
];

/** Paths of files and folders named in `code`, and targets of links, as seen from the root. */
function namedPaths(document: string): string[] {
  const text = readDocument(document);
  const inCode = codeWords(text).filter((word) => /^(src|test|examples|docs|proto|scripts)\/[\w./-]+$/.test(word));
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = ""]) =>
    normalize(join(dirname(document), to)),
  );
  return [...inCode, ...links];
}

/** What a cell claims to test `id` although no test there carries its name. */
function unproven(id: string, cell: string): string[] {
  const [named = ""] = cell.split(" also ");
  if (named.startsWith("also ")) return [];
  const files = codeWords(named);
  return files.filter((file) => !new RegExp(`\\b${id}\\b`).test(readDocument(file))).map((file) => `${id} in ${file}`);
}

const upTo = (letter: string, count: number) => Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

describe("the documents", () => {
  it.each(DOCUMENTS)("%s names only files and folders that exist", (document) => {
    expect(namedPaths(document).filter((path) => !existsSync(join(repositoryFolder, path)))).toEqual([]);
  });

  it("docs/delivery.md promises I1 to I20 and says of each how it is kept and where it is tested", () => {
    const text = readDocument("docs/delivery.md");
    expect(tableRows(text, "id | promise").map(([id]) => id)).toEqual(upTo("I", 20));
    const rows = tableRows(text, "line | kept by | tests | simulation");
    expect(rows.map(([id]) => id)).toEqual(upTo("I", 20));
    expect(rows.flatMap(([id = "", , tests = ""]) => unproven(id, tests))).toEqual([]);
    expect(rows.filter(([, , tests = ""]) => codeWords(tests).length === 0)).toEqual([]);
  });

  it("test/security/README.md has S1 to S42, each with its tests or with what it waits for", () => {
    const rows = tableRows(readDocument("test/security/README.md"), "line | what | today | tests");
    expect(rows.map(([id]) => id)).toEqual(upTo("S", 42));
    expect(rows.flatMap(([id = "", , , tests = ""]) => unproven(id, tests))).toEqual([]);
    const open = rows.filter(
      ([, , today = "", tests = ""]) => codeWords(tests).length === 0 && !/waits for/i.test(today),
    );
    expect(open).toEqual([]);
  });
});
