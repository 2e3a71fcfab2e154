import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findMachineWords, findUndocumented } from "./docs-rules.js";
import { readFiles, repositoryFolder } from "./source-files.js";

const entries = [
  "index.ts",
  "client/index.node.ts",
  "client/index.browser.ts",
  "testing/index.ts",
  "adapters/knex/index.ts",
  "server/http/index.ts",
];
const notOurs = new Set(["node_modules", "dist", "coverage", "data", "test-results", ".git", ".tmp", "house"]);

describe("the documentation", () => {
  const folder = mkdtempSync(join(tmpdir(), "shyim-docs-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("explains every name the package exports", () => {
    const paths = entries.map((entry) => join(repositoryFolder, "src", entry));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    expect(findUndocumented(paths)).toEqual([]);
  });

  it("is missed where an exported name has none", () => {
    const bare = join(folder, "bare.ts");
    writeFileSync(bare, "/** Told. */\nexport const told = 1;\nexport const bare = 2;\nexport interface Bare {}\n");
    expect(findUndocumented([bare])).toEqual([`${bare} → bare`, `${bare} → Bare`]);
  });

  it("speaks of the project alone, not of the machine it was made on", () => {
    const texts = readFiles("", (path) => !/\.(bin|png|jpg|ico|tgz|log)$/.test(path), notOurs);
    expect(texts.length).toBeGreaterThan(30);
    expect(findMachineWords(texts)).toEqual([]);
  });

  it.each([
    "see /work/notes.md",
    "cwd: '/tmp/x'",
    "as ../shared/design/api.md says",
    "https://registry.example.test/ws",
    '      "resolved": "https://example.test/ws.tgz",',
    "fixes Issue 2",
  ])("is refused when it says: %s", (text) => {
    expect(findMachineWords([{ path: "a.md", text: `fine\n${text}` }])).toEqual([`a.md:2 ${text.trim()}`]);
  });

  it("may speak of relative folders that end alike", () => {
    expect(findMachineWords([{ path: "a.md", text: "dist/tmp/x, ./work/y, the registry. A new line" }])).toEqual([]);
  });
});
