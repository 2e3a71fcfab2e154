import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Loads the built package by its public names in plain Node, the way an application does: as ES modules and as CommonJS,
 * under the conditions of Node and of a browser. Also looks into the browser build for what must not be there.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const adapters = ["knex", "etcd", "redis"].map((name) => `shyim/adapters/${name}`);
const everywhere = ["shyim", "shyim/client", "shyim/testing", ...adapters, "shyim/http"];
const inBrowsers = ["shyim/client"];

function runNode(code: string, ...options: string[]): string {
  return execFileSync(process.execPath, [...options, "--eval", code], { cwd: root, encoding: "utf8" }).trim();
}

function checkEntries(entries: readonly string[], kind: "import" | "require", ...options: string[]): void {
  const names = JSON.stringify(entries);
  const load = kind === "import" ? "await import(name)" : "require(name)";
  const code = `for (const name of ${names}) { const entry = ${load}; console.log(name, Object.keys(entry).length); }`;
  const printed = runNode(code, ...options);
  console.log(`${kind} ${options.join(" ")}: ${printed.replaceAll("\n", ", ")}`);
}

/** Errors made by one entry must be known to the others, whichever entry an application takes them from. */
function checkOneErrorClass(load: string, ...options: string[]): void {
  const code = `const a = ${load}("shyim"); const b = ${load}("shyim/client"); console.log(a.ImError === b.ImError && typeof a.ImError);`;
  const printed = runNode(code, ...options);
  if (printed !== "function")
    throw new Error(`shyim and shyim/client have two classes ImError under ${load}: ${printed}`);
}

function checkBrowserBuild(): void {
  const folder = new URL("../dist/client/", import.meta.url);
  for (const name of readdirSync(folder).filter((file) => /^index\.browser\.c?js$/.test(file))) {
    const foreign = foreignModules(new URL(name, folder));
    if (foreign.length > 0)
      throw new Error(`${name} asks the browser for ${foreign.join(", ")}: bundle it or leave it out`);
  }
}

/** Modules of others that a file asks for, itself or through files of ours beside it. */
function foreignModules(file: URL): string[] {
  const text = readFileSync(file, "utf8");
  const asked = [...text.matchAll(/(?:from |import |require\()["']([^"']+)["']/g)].map(([, module = ""]) => module);
  return asked.flatMap((module) => (module.startsWith(".") ? foreignModules(new URL(module, file)) : [module]));
}

/** A page without `indexedDbStore` must not carry what that stands on: it would do something by being there. */
async function checkLeavingOut(): Promise<void> {
  const contents = `export { createImClient } from "./dist/client/index.browser.js";`;
  const stdin = { contents, resolveDir: root };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: "esm", write: false });
  if (outputFiles.some(({ text }) => /\bIDB/.test(text)))
    throw new Error("createImClient alone brings idb into a page: keep that in a file of its own");
}

checkEntries(everywhere, "import", "--input-type=module");
checkEntries(everywhere, "require", "--input-type=commonjs");
checkEntries(inBrowsers, "import", "--input-type=module", "--conditions=browser");
checkEntries(inBrowsers, "require", "--input-type=commonjs", "--conditions=browser");
checkOneErrorClass("await import", "--input-type=module");
checkOneErrorClass("require", "--input-type=commonjs");
checkBrowserBuild();
await checkLeavingOut();
