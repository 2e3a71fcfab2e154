import { describe, expect, it } from "vitest";
import { findAmbientUses } from "./ambient-rules.js";
import { readLibrary } from "./source-files.js";

describe("time, randomness and the process", () => {
  it("come from the Runtime everywhere but in the platform folders", () => {
    expect(findAmbientUses(readLibrary())).toEqual([]);
  });

  it.each([
    ["Date", "const now = Date.now();"],
    ["Date", "const now = new Date();"],
    ["setTimeout", "setTimeout(() => {}, 5);"],
    ["setInterval", "const start = setInterval;"],
    ["setImmediate", "const start = { setImmediate };"],
    ["queueMicrotask", "queueMicrotask(run);"],
    ["crypto", "crypto.getRandomValues(bytes);"],
    ["performance", "const now = performance.now();"],
    ["process", "process.on('exit', run);"],
    ["Buffer", "const copy = Buffer.from(bytes);"],
    ["globalThis", "globalThis.setTimeout(run, 5);"],
    ["Math.random", "const chance = Math.random();"],
    ["Math as a whole", "const { random } = Math;"],
    ["Math as a whole", "const chance = Math['random']();"],
  ])("are caught when taken directly: %s in %s", (name, line) => {
    for (const path of ["src/core/a.ts", "src/server/delivery/a.ts", "src/client/a.ts"]) {
      expect(findAmbientUses([{ path, text: `\n${line}` }])).toEqual([`${path}:2 uses ${name}`]);
    }
  });

  it("may be taken directly in the platform folders", () => {
    const text = "export const now = () => Date.now();";
    const paths = ["src/server/platform/a.ts", "src/client/platforms/node.ts", "src/client/index.browser.ts"];
    expect(findAmbientUses(paths.map((path) => ({ path, text })))).toEqual([]);
  });

  it("are not seen in members that only share the name, nor in comments and texts", () => {
    const text = [
      "// Date",
      "const text = 'setTimeout';",
      "interface Timers { setTimeout(): void; readonly process: string }",
      "runtime.setTimeout(run); const x = { process: 1 }; const high = Math.max(1, 2);",
    ].join("\n");
    expect(findAmbientUses([{ path: "src/core/a.ts", text }])).toEqual([]);
  });
});
