import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { applicationEnvironment, packPackage, repository } from "./projects/pack-package.js";

/**
 * Installs the packed package into an empty project, the way an application does, where no compiler, no make and no Python is
 * to be found: everything native has to come as a binary. Then keeps a message in a SQLite file from an ES module and from
 * CommonJS, and runs `npx shyim`. Needs a build in dist, the package registry and a Unix shell.
 */
const place = mkdtempSync(join(tmpdir(), "shyim-install-"));
const project = join(place, "project");
const tools = join(place, "tools");

const { peerDependencies } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
  peerDependencies: { knex: string };
};
const knex = `knex@${peerDependencies.knex}`;

/** An application's environment with no way to a compiler. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const compilers = /^(PYTHON|CC$|CXX$)/i;
  const kept = Object.entries(applicationEnvironment()).filter(([name]) => !compilers.test(name));
  return { ...Object.fromEntries(kept), PATH: tools };
}

/** What a command prints in the project; its exit code has to be `exitCode`. */
function run(exitCode: number, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(join(tools, command), args, {
    cwd: project,
    env: bareEnvironment(),
    encoding: "utf8",
  });
  if (status === exitCode) return `${stdout}${stderr}`.trim();
  throw new Error(`${command} ${args.join(" ")} ended with ${status} instead of ${exitCode}:\n${stdout}${stderr}`);
}

/** A folder with nothing but Node, npm and a shell to call, and an empty project beside it. */
function preparePlace(): void {
  mkdirSync(tools);
  mkdirSync(project);
  symlinkSync(process.execPath, join(tools, "node"));
  for (const name of ["npm", "npx", "sh"]) symlinkSync(whereIs(name), join(tools, name));
  writeFileSync(join(project, "package.json"), '{ "name": "application", "private": true }\n');
  const found = run(1, "sh", "-c", "command -v cc gcc g++ clang make python python3; exit 1");
  if (found !== "") throw new Error(`the project must see no compiler, and sees ${found}`);
}

function whereIs(name: string): string {
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? "").split(delimiter)];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not on the PATH: install it, this check links it into its own`);
  return found;
}

function install(what: string): void {
  const startedAt = performance.now();
  run(0, "npm", "install", what);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`npm install ${what.replace(`${place}/`, "")}: ${seconds} s`);
}

/** Keeps a message in a file and reads it back, in a process of its own. */
function program(name: string, load: string): string {
  const code = `
    ${load}
    (async () => {
      const storage = knexStorage({ client: "sqlite", connection: { filename: "${name}.db" } });
      await storage.start();
      await storage.messages.commit([{
        messageId: "a11ce000000000010000000000000001", afterId: null, senderId: "ann",
        target: { kind: "single", id: "bob" }, type: 1, content: new TextEncoder().encode("kept by ${name}"),
        clientTime: 1, serverTime: 1, syncEpoch: null, refuse: null,
      }]);
      const { items } = await storage.messages.readInbox("bob", 0, { maxItems: 1, maxBytes: 1000 });
      console.log(new TextDecoder().decode(items[0].message.content));
      await storage.close();
    })();
  `;
  writeFileSync(join(project, name), code);
  return run(0, "node", name);
}

function expectText(what: string, text: string, wanted: string): void {
  console.log(`${what}: ${text}`);
  if (!text.includes(wanted)) throw new Error(`${what} should have said "${wanted}"`);
}

try {
  preparePlace();
  install(packPackage(place));
  expectText("without knex", run(1, "npx", "shyim", "migrate", "chat.db"), `npm install ${knex}`);
  install(knex);
  expectText("import", program("a.mjs", `import { knexStorage } from "shyim/adapters/knex";`), "kept by a.mjs");
  expectText("require", program("b.cjs", `const { knexStorage } = require("shyim/adapters/knex");`), "kept by b.cjs");
  expectText("npx shyim", run(0, "npx", "shyim", "migrate", "chat.db"), "schema version 0 → ");
} finally {
  rmSync(place, { recursive: true, force: true });
}
