import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

/** `npm run test:browser`: the page of examples/web-chat in Chromium. Two browsers at a time are what a small machine bears. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["test/browser/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    globalSetup: ["test/browser/prepare.ts"],
    maxWorkers: 2,
    teardownTimeout: 20_000,
  },
});
