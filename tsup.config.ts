import { copyFile } from "node:fs/promises";
import { defineConfig, type Options } from "tsup";

const shared: Options = {
  format: ["esm", "cjs"],
  dts: true,
  // The output is not minified and keeps its comments; maps would be two thirds of the package.
  sourcemap: false,
  // Entries share their chunks, so that a format has one error class, however many entries are loaded.
  splitting: true,
  treeshake: true,
  // All builds write into dist; scripts/clean.ts empties it once, before.
  clean: false,
};

/** `shims`: CommonJS has no `import.meta.url`, by which the storage finds its driver. */
const node: Options = { ...shared, noExternal: ["idb"], platform: "node", target: "node20", shims: true };

export default defineConfig([
  {
    ...node,
    entry: {
      index: "src/index.ts",
      "client/index.node": "src/client/index.node.ts",
      "testing/index": "src/testing/index.ts",
      "adapters/knex/index": "src/adapters/knex/index.ts",
      "adapters/etcd/index": "src/adapters/etcd/index.ts",
      "adapters/redis/index": "src/adapters/redis/index.ts",
      "adapters/grpc/index": "src/adapters/grpc/index.ts",
      "adapters/kafka/index": "src/adapters/kafka/index.ts",
      "adapters/rabbitmq/index": "src/adapters/rabbitmq/index.ts",
      "http/index": "src/server/http/index.ts",
    },
  },
  {
    // The program: run, never imported. It takes the storage from the entry beside it instead of a copy of its own.
    ...node,
    format: ["esm"],
    entry: { "cli/index": "src/cli/index.ts" },
    external: ["../adapters/knex/index.js"],
    splitting: false,
    dts: false,
  },
  {
    ...shared,
    // A page may load the client without a bundler, so `idb` is built in. As an entry it gets a file of its own, which bundlers
    // leave out where nothing uses it; within ours they could not, since it does something when it is loaded.
    entry: { "client/index.browser": "src/client/index.browser.ts", "client/idb": "node_modules/idb/build/index.js" },
    noExternal: ["idb"],
    dts: { entry: { "client/index.browser": "src/client/index.browser.ts" } },
    onSuccess: () => copyFile("node_modules/idb/LICENSE", "dist/client/idb.LICENSE"),
    platform: "browser",
    target: "es2022",
  },
]);
