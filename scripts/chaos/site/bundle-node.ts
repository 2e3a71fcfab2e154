import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCE = fileURLToPath(new URL("../../../examples/cluster/node.ts", import.meta.url));
/** Below node_modules: there it finds the packages, and nobody looks for sources. */
const PROGRAM = fileURLToPath(new URL("../../../node_modules/.cache/shyim-chaos/node.mjs", import.meta.url));

/** The node of examples/cluster as one file, which starts at once: a node that is killed is back in a second. */
export async function bundleNode(): Promise<string> {
  await build({
    entryPoints: [SOURCE],
    outfile: PROGRAM,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "error",
  });
  return PROGRAM;
}
