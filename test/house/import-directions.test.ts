import { describe, expect, it } from "vitest";
import { findCircles, findWrongTurns } from "./import-rules.js";
import { readFiles, readLibrary } from "./source-files.js";

const file = (path: string, ...lines: string[]) => ({ path, text: lines.join("\n") });

describe("the import table", () => {
  const library = readLibrary();

  it("is kept by every file of the library", () => {
    expect(library.length).toBeGreaterThan(10);
    expect(findWrongTurns(library)).toEqual([]);
  });

  it("leaves no circle between files", () => {
    expect(findCircles(library)).toEqual([]);
  });

  it("leaves no circle in the page of the example either", () => {
    const page = readFiles("examples/web-chat/page/src", (path) => path.endsWith(".ts"));
    expect(page.length).toBeGreaterThan(10);
    expect(findCircles(page)).toEqual([]);
  });

  it.each([
    [
      "core must not know the adapters",
      "src/core/a.ts",
      "../adapters/contracts/index.js",
      "src/adapters/contracts/index.ts",
    ],
    ["core must not use Node", "src/core/a.ts", "node:crypto", "node:crypto"],
    ["core must not load a library", "src/core/a.ts", "protobufjs/minimal.js", "protobufjs/minimal.js"],
    [
      "a contract must not know an adapter",
      "src/adapters/contracts/a.ts",
      "../memory/b.js",
      "src/adapters/memory/b.ts",
    ],
    ["an adapter must not know another", "src/adapters/memory/a.ts", "../ws/b.js", "src/adapters/ws/b.ts"],
    ["an adapter must not know the server", "src/adapters/ws/a.ts", "../../server/b.js", "src/server/b.ts"],
    ["the server must not know an adapter", "src/server/a.ts", "../adapters/memory/b.js", "src/adapters/memory/b.ts"],
    ["the server must not use Node", "src/server/delivery/a.ts", "node:http", "node:http"],
    [
      "the server's platform must not know an adapter",
      "src/server/platform/a.ts",
      "../../adapters/ws/b.js",
      "src/adapters/ws/b.ts",
    ],
    ["the server must not know hono outside of http", "src/server/accounts/a.ts", "hono", "hono"],
    ["the HTTP API must not use Node", "src/server/http/a.ts", "@hono/node-server", "@hono/node-server"],
    ["the server must not know the client", "src/server/a.ts", "../client/b.js", "src/client/b.ts"],
    ["the client must not know the server", "src/client/a.ts", "../server/b.js", "src/server/b.ts"],
    [
      "the client must not know the contracts",
      "src/client/a.ts",
      "../adapters/contracts/b.js",
      "src/adapters/contracts/b.ts",
    ],
    ["the client must not use Node", "src/client/a.ts", "node:fs", "node:fs"],
    ["the client must not use ws outside its platforms", "src/client/a.ts", "ws", "ws"],
    ["the client must not use IndexedDB outside its platforms", "src/client/stores/a.ts", "idb", "idb"],
    ["a client platform must not know the server", "src/client/platforms/a.ts", "../../server/b.js", "src/server/b.ts"],
    ["the test kit must not know ws", "src/testing/a.ts", "../adapters/ws/b.js", "src/adapters/ws/b.ts"],
    ["the front door must not open the client", "src/index.ts", "./client/b.js", "src/client/b.ts"],
    ["an unlisted library is refused", "src/server/a.ts", "lodash", "lodash"],
  ])("is enforced: %s", (_rule, path, imported, reported) => {
    expect(findWrongTurns([file(path, `import { b } from "${imported}";`)])).toEqual([`${path} → ${reported}`]);
  });

  it.each([
    ["a type import", `import type { B } from "../server/b.js";`],
    ["an import for its effect", `import "../server/b.js";`],
    ["a re-export", `export * from "../server/b.js";`],
    ["a dynamic import", `const b = await import("../server/b.js");`],
    ["a type taken from an import", `let b: import("../server/b.js").B;`],
    ["an import over several lines", `import {\n  b,\n} from "../server/b.js";`],
  ])("sees %s", (_kind, line) => {
    expect(findWrongTurns([file("src/client/a.ts", line)])).toEqual(["src/client/a.ts → src/server/b.ts"]);
  });

  it("allows what each zone needs", () => {
    const allowed = [
      file("src/core/codec.ts", `import type { Seq } from "./model.js";`),
      file(
        "src/adapters/ws/a.ts",
        `import { WebSocketServer } from "ws";`,
        `import { createServer } from "node:http";`,
      ),
      file("src/server/create-im-server.ts", `import { b } from "../adapters/ws/b.js";`, `import { z } from "zod";`),
      file("src/server/http/a.ts", `import { Hono } from "hono";`, `import { b } from "hono/http-exception";`),
      file("src/server/platform/a.ts", `import { createServer } from "node:http";`),
      file("src/client/platforms/node.ts", `import { WebSocket } from "ws";`),
      file("src/client/platforms/indexed-db/a.ts", `import { openDB } from "idb";`),
    ];
    expect(findWrongTurns(allowed)).toEqual([]);
  });

  it("refuses a file that stands in no zone", () => {
    expect(findWrongTurns([file("src/misc/a.ts")])).toEqual([
      expect.stringContaining("src/misc/a.ts → belongs to no zone"),
    ]);
  });

  it("sees a circle of three, also through a type import", () => {
    const circle = [
      file("src/core/a.ts", `import { b } from "./b.js";`),
      file("src/core/b.ts", `import type { C } from "./c.js";`),
      file("src/core/c.ts", `export { a } from "./a.js";`),
    ];
    expect(findCircles(circle)).toEqual(["src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts"]);
  });

  it("does not take two ways to one file for a circle", () => {
    const diamond = [
      file("src/core/a.ts", `import "./b.js";`, `import "./c.js";`),
      file("src/core/b.ts", `import "./d.js";`),
      file("src/core/c.ts", `import "./d.js";`),
      file("src/core/d.ts"),
    ];
    expect(findCircles(diamond)).toEqual([]);
  });
});
