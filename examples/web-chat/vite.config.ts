import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Bundles the page. In this repository `shyim/client` is the source beside it; in an application it is the package. */
export default defineConfig({
  root: at("./page"),
  resolve: { alias: { "shyim/client": at("../../src/client/index.browser.ts") } },
  build: {
    outDir: at("./dist"),
    emptyOutDir: true,
    target: "es2022",
    // The Content-Security-Policy of the server allows files of its own and nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  logLevel: "warn",
});
