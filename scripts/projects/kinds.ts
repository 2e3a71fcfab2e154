import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { visitBuiltPage } from "./built-page.js";
import { runNext } from "./next.js";
import type { Project } from "./project.js";

/** One kind of project that uses the package. */
export interface Kind {
  readonly name: string;
  readonly type: "module" | "commonjs";
  /** Folders of `templates/` it consists of. */
  readonly templates: readonly string[];
  /** What is installed beside the package. */
  readonly packages: readonly string[];
  /** Builds it, if this kind is built, and runs it until it has received a message. */
  run(project: Project): Promise<void>;
}

const esm: Kind = {
  name: "esm",
  type: "module",
  templates: ["esm"],
  packages: ["knex"],
  run: (project) => project.receive("main.js"),
};

const commonjs: Kind = {
  name: "commonjs",
  type: "commonjs",
  templates: ["commonjs"],
  packages: [],
  run: (project) => project.receive("main.js"),
};

/** Types of all entries, in both formats, with no library check skipped. */
const node16: Kind = {
  name: "node16",
  type: "module",
  templates: ["node16"],
  packages: ["typescript", "@types/node", "knex"],
  async run(project) {
    await project.build("tsc");
    await project.receive("dist/main.mjs");
    await project.receive("dist/main.cjs");
  },
};

/** Without `@types/node`: who only embeds a server and a client needs no types but ours. */
const bundler: Kind = {
  name: "bundler",
  type: "module",
  templates: ["bundler"],
  packages: ["typescript"],
  async run(project) {
    await project.build("tsc", "--noEmit", "--customConditions", "browser");
    await project.build("tsc");
    await project.receive("dist/main.js");
  },
};

const vite: Kind = {
  name: "vite",
  type: "module",
  templates: ["page"],
  packages: ["vite"],
  async run(project) {
    await project.build("vite", "build");
    await visitBuiltPage(project, "server.mjs");
  },
};

/** The bundled server runs where it has no `node_modules` to look into. */
const esbuild: Kind = {
  name: "esbuild",
  type: "module",
  templates: ["page"],
  packages: ["esbuild"],
  async run(project) {
    const alone = join(project.folder, "..", "esbuild-alone");
    mkdirSync(alone);
    await project.build(
      ..."esbuild page.js index.html --bundle --platform=browser --loader:.html=copy --outdir=dist".split(" "),
    );
    await project.build(
      ..."esbuild server.mjs --bundle --platform=node".split(" "),
      `--outfile=${join(alone, "server.cjs")}`,
    );
    await visitBuiltPage(project, join(alone, "server.cjs"));
  },
};

const next: Kind = {
  name: "next",
  type: "module",
  templates: ["next"],
  packages: ["next", "react", "react-dom"],
  run: runNext,
};

/** Slow ones first: two of them run at a time. */
export const kinds: readonly Kind[] = [next, node16, bundler, vite, esbuild, esm, commonjs];
