import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this repository. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Packs the build in `dist` the way it would be published. Returns the path of the tarball, in the folder `into`. */
export function packPackage(into: string): string {
  if (!existsSync(join(repository, "dist"))) throw new Error("there is no dist: run `npm run build` first");
  execFileSync("npm", ["pack", "--silent", "--pack-destination", into], {
    cwd: repository,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return join(into, readdirSync(into).find((name) => name.endsWith(".tgz")) as string);
}

/**
 * The environment of a stranger's application: the settings of who runs this, without what `npm run` adds about this
 * repository, and with no way to the tools that are installed in it.
 */
export function applicationEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(npm_(lifecycle|package|config_local_prefix)|INIT_CWD|NODE_ENV)/i;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return {
    ...Object.fromEntries(kept),
    PATH: folders.join(delimiter),
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
}
