import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

/**
 * `npm run test:services`: what needs a database or a broker. By itself, as in `npx vitest --config
 * vitest.services.config.ts`, it takes those that run.
 */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["test/services/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    globalSetup: ["test/services/prepare.ts"],
    // Much of it waits: for disks, leases, deadlines.
    maxWorkers: 3,
    // Every commit of a database waits for its disk, and cases that race commit thousands of times.
    testTimeout: 180_000,
  },
});
