import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));
const resultFile = process.env.SHYIM_TEST_RESULTS;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^shyim$/, replacement: source("index.ts") },
      { find: /^shyim\/client$/, replacement: source("client/index.node.ts") },
      { find: /^shyim\/testing$/, replacement: source("testing/index.ts") },
      { find: /^shyim\/adapters\/knex$/, replacement: source("adapters/knex/index.ts") },
      { find: /^shyim\/adapters\/etcd$/, replacement: source("adapters/etcd/index.ts") },
      { find: /^shyim\/adapters\/redis$/, replacement: source("adapters/redis/index.ts") },
      { find: /^shyim\/adapters\/grpc$/, replacement: source("adapters/grpc/index.ts") },
      { find: /^shyim\/adapters\/kafka$/, replacement: source("adapters/kafka/index.ts") },
      { find: /^shyim\/adapters\/rabbitmq$/, replacement: source("adapters/rabbitmq/index.ts") },
      { find: /^shyim\/http$/, replacement: source("server/http/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // They need a browser and most of the machine, or databases: `npm run test:browser`, `npm run test:services`.
    exclude: [...configDefaults.exclude, "test/browser/**", "test/services/**"],
    // Processes, not threads: tests open sockets, measure memory and start the examples as programs of their own.
    pool: "forks",
    // One process a core; much of a test of links is waiting, so even two cores have room for two.
    maxWorkers: "100%",
    execArgv: ["--expose-gc"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Continuous integration counts the tests from this file; people read the terminal.
    ...(resultFile === undefined ? {} : { reporters: ["default", "json"], outputFile: { json: resultFile } }),
  },
});
