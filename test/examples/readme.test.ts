import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { DEFAULT_LIMITS } from "shyim";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLOSE, comeBackAfter } from "../../src/core/close-codes.js";
import { WIRE_CODES } from "../../src/core/errors.js";
import { repositoryFolder } from "../house/source-files.js";
import { codeWords, readDocument, tableRows, typescriptBlocks } from "./markdown.js";
import { Program } from "./run-program.js";
import { typeProblems } from "./type-problems.js";

const readme = readDocument("README.md");
const reference = readDocument("docs/reference.md");
const blocks = typescriptBlocks(readme);
const storageBlocks = typescriptBlocks(readDocument("docs/storage.md"));
const importBlocks = typescriptBlocks(readDocument("docs/import.md"));
const accountsBlocks = typescriptBlocks(readDocument("docs/accounts.md"));
const clusterBlocks = typescriptBlocks(readDocument("docs/cluster.md"));
const parent = join(repositoryFolder, ".tmp");
let folder: string;

/** The blocks as files below the repository, so that they find the package as a file of a clone does. */
beforeAll(() => {
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(join(parent, "readme-"));
  for (const [name, code] of [...blocks, ...storageBlocks, ...importBlocks, ...accountsBlocks, ...clusterBlocks])
    writeFileSync(join(folder, name), code);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Changes one thing in a block, which has to be there. */
function rewrite(name: string, from: string, to: string): void {
  const code = blocks.get(name) ?? "";
  expect(code).toContain(from);
  writeFileSync(join(folder, name), code.replace(from, to));
}

interface PackageFile {
  readonly engines: { readonly node: string };
  readonly license: string;
  readonly exports: unknown;
}

/** What the badges say, as "name value". */
function badges(markdown: string): string[] {
  const paths = [...markdown.matchAll(/img\.shields\.io\/badge\/([^)]+)\)/g)].map(([, path = ""]) => path);
  return paths.map((path) => decodeURIComponent(path.slice(0, path.lastIndexOf("-"))).replace("-", " "));
}

const WRONG = `import { createImServer } from "shyim";\ncreateImServer({ auht: 1 });\n`;

describe("README.md", () => {
  it("names every TypeScript block, and every block fits the types, which a wrong one would not", () => {
    expect([...blocks.keys()]).toEqual(["server.ts", "client.ts", "page.ts", "express.ts", "fastify.ts", "storage.ts"]);
    writeFileSync(join(folder, "wrong.ts"), WRONG);
    expect(typeProblems(folder, [...blocks.keys(), "wrong.ts"])).toEqual([expect.stringMatching(/^wrong\.ts: .*auht/)]);
  }, 120_000);

  it("shows a server and a client that chat when they are run, on a free port instead of 8080", async () => {
    const path = (name: string) => relative(repositoryFolder, join(folder, name));
    rewrite("server.ts", "im.listen(8080,", "im.listen(0,");
    const server = new Program(path("server.ts"));
    const [, url = "", ada = ""] = await server.prints(/ada: npx tsx client.ts (\S+) (\S+)\n/);
    const [, , bob = ""] = await server.prints(/bob: npx tsx client.ts (\S+) (\S+)\n/);
    const left = new Program(path("client.ts"), [url, ada, "bob"]);
    const right = new Program(path("client.ts"), [url, bob, "ada"]);
    await Promise.all([left.prints(/\(online\)/), right.prints(/\(online\)/)]);
    left.type("hello Bob");
    await right.prints(/^1 ada: hello Bob$/m);
    right.type("hello Ada");
    await left.prints(/^1 ada: hello Bob\n2 bob: hello Ada$/m);
    await server.prints(/ada wrote message 1\nbob wrote message 2/);
    for (const client of [left, right]) client.endInput();
    expect(await Promise.all([left.ended, right.ended])).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect((await server.stop()).errors).toBe("");
  });

  it("says literally how to start and how to test", () => {
    expect(readme.split("\n")).toEqual(expect.arrayContaining(["npm install && npm start", "npm install && npm test"]));
  });

  it("lists exactly the scripts that exist", () => {
    const { scripts } = JSON.parse(readDocument("package.json")) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("wears no badge that is not so", () => {
    const { engines, license, exports: entries } = JSON.parse(readDocument("package.json")) as PackageFile;
    const everyEntry = JSON.stringify(entries);
    expect(badges(readme)).toEqual([
      `node ${engines.node.replace(">=", "≥ ")}`,
      everyEntry.includes(".cjs") && everyEntry.includes('.js"') ? "modules ESM + CommonJS" : "modules ESM",
      everyEntry.includes(".d.ts") && everyEntry.includes(".d.cts") ? "types included" : "types missing",
      "client 16.2 kB gzip",
      `licence ${license}`,
    ]);
  });

  it("says no larger a limit for the client than the check of its size allows", () => {
    const [client, withStore] = JSON.parse(readDocument(".size-limit.json")) as { limit: string }[];
    expect([client?.limit, withStore?.limit]).toEqual(["18 kB", "20 kB"]);
    expect(readme).toContain("16.2 kB; 18.9 kB with `indexedDbStore`");
  });

  it("shows pictures that are in the repository", () => {
    const shown = [...readme.matchAll(/<img src="(docs\/[^"]+)"[^>]* alt="[^"]+">/g)].map(([, path = ""]) => path);
    expect(shown).toHaveLength(3);
    expect(shown.filter((path) => !existsSync(join(repositoryFolder, path)))).toEqual([]);
  });
});

describe("docs/reference.md", () => {
  it("lists every limit with its default", () => {
    const rows = tableRows(reference, "limit | default | when it is reached");
    const listed = rows.map(([name = "", value = ""]) => [codeWords(name)[0], Number(value.replaceAll(",", ""))]);
    expect(Object.fromEntries(listed)).toEqual(DEFAULT_LIMITS);
  });

  it("lists every error code once", () => {
    const rows = tableRows(reference, "code | meaning");
    const listed = rows.flatMap(([codes = ""]) => codeWords(codes));
    expect([...listed].sort()).toEqual([...Object.keys(WIRE_CODES), "unavailable", "closed", "expired"].sort());
  });

  it("lists every close code and tells what the client does then", () => {
    const rows = tableRows(reference, "code | meaning | the client");
    const listed = rows.flatMap(([codes = "", , then = ""]) =>
      codes.split(" ").map((code) => [Number(code), then] as const),
    );
    expect(listed.map(([code]) => code).sort()).toEqual(Object.values(CLOSE).sort());
    for (const [code, then] of listed)
      expect([code, then]).toEqual([code, expect.stringMatching(WORDS[comeBackAfter(code)])]);
  });
});

describe("docs/import.md", () => {
  it("has a block for the server and one for a program, and both fit the types", () => {
    expect([...importBlocks.keys()]).toEqual(["imported.ts", "import.ts"]);
    expect(typeProblems(folder, [...importBlocks.keys()])).toEqual([]);
  });
});

describe("docs/storage.md", () => {
  it("has blocks for a file, a database server and a transaction, and all fit the types", () => {
    expect([...storageBlocks.keys()]).toEqual(["storage.ts", "shared.ts", "readiness.ts", "transaction.ts"]);
    expect(typeProblems(folder, [...storageBlocks.keys()])).toEqual([]);
  }, 120_000);
});

describe("docs/accounts.md", () => {
  it("has a block for a server with users and one for the HTTP API, and both fit the types", () => {
    expect([...accountsBlocks.keys()]).toEqual(["accounts.ts", "http.ts"]);
    expect(typeProblems(folder, [...accountsBlocks.keys()])).toEqual([]);
  }, 120_000);
});

describe("docs/cluster.md", () => {
  it("has a block for each step of growing, and all fit the types", () => {
    expect([...clusterBlocks.keys()]).toEqual(["one.ts", "file.ts", "shared-nodes.ts", "nodes.ts", "queue.ts"]);
    expect(typeProblems(folder, [...clusterBlocks.keys()])).toEqual([]);
  }, 120_000);
});

const WORDS = {
  yes: /^comes back(,|$)/,
  no: /^stays away(,|$)/,
  "with-fresh-token": /^comes back with a fresh token$/,
};
