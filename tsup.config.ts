import { defineConfig, type Options } from "tsup";

const shared: Options = {
  format: ["esm", "cjs"],
  dts: true,
  sourcemap: true,
  // Entries share their chunks, so that a format has one error class, however many entries are loaded.
  splitting: true,
  treeshake: true,
  // Both builds write into dist; scripts/clean.ts empties it once, before.
  clean: false,
};

export default defineConfig([
  {
    ...shared,
    entry: {
      index: "src/index.ts",
      "client/index.node": "src/client/index.node.ts",
      "testing/index": "src/testing/index.ts",
    },
    platform: "node",
    target: "node20",
  },
  {
    ...shared,
    entry: { "client/index.browser": "src/client/index.browser.ts" },
    platform: "browser",
    target: "es2022",
  },
]);
