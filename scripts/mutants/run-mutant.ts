import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type * as Simulation from "../../src/testing/simulation/index.js";
import type { Edit, Mutant } from "./mutant.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Inside node_modules, so that the mutated code finds the packages it imports. */
const cache = join(root, "node_modules", ".cache", "mutants");

/** How a mutant fared. */
export interface MutantResult {
  /** After so many schedules; `null` when it lived. */
  readonly caughtAfter: number | null;
  /** The first violation's class, or `threw`. */
  readonly how: string;
  readonly text: string;
}

/** Builds the simulator with the mutant's edits and runs schedules until one shows a violation. */
export async function runMutant(mutant: Mutant, maxSchedules: number, seed = 1): Promise<MutantResult> {
  const { simulate, scheduleSeed } = await load(mutant);
  const nodes = mutant.nodes === undefined ? {} : { nodes: mutant.nodes };
  for (let done = 0; done < maxSchedules; done++) {
    try {
      const { violations } = await simulate({ seed: scheduleSeed(seed, done), ...nodes });
      const [first] = violations;
      if (first !== undefined) return { caughtAfter: done + 1, how: first.class, text: first.text };
    } catch (error) {
      return { caughtAfter: done + 1, how: "threw", text: String(error) };
    }
  }
  return { caughtAfter: null, how: "lived", text: "" };
}

async function load(mutant: Mutant): Promise<typeof Simulation> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "m-"));
  try {
    const outfile = join(folder, "simulation.mjs");
    const applied = new Set<Edit>();
    await build({
      entryPoints: [join(root, "src/testing/simulation/index.ts")],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      logLevel: "silent",
      plugins: [mutate(mutant, applied)],
    });
    const missing = mutant.edits.find((edit) => !applied.has(edit));
    if (missing !== undefined)
      throw new Error(`mutant "${mutant.name}": ${missing.file} is not part of the simulation`);
    return (await import(pathToFileURL(outfile).href)) as typeof Simulation;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function mutate(mutant: Mutant, applied: Set<Edit>): Plugin {
  return {
    name: "mutate",
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
        const file = relative(root, path).split(sep).join("/");
        const edits = mutant.edits.filter((edit) => edit.file === file);
        if (edits.length === 0) return undefined;
        for (const edit of edits) applied.add(edit);
        return { contents: await mutateFile(mutant, file), loader: "ts" };
      });
    },
  };
}

/** Throws unless the text to be replaced stands in the file exactly once. */
function applyEdit({ name }: Mutant, { file, find, replace }: Edit, text: string): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(`mutant "${name}": its text stands ${parts.length - 1} times in ${file}, not once:\n${find}`);
}

/** What the mutant makes of one file of the repository. Throws when one of its edits does not fit. */
export async function mutateFile(mutant: Mutant, file: string): Promise<string> {
  const text = await readFile(join(root, file), "utf8");
  return mutant.edits.filter((edit) => edit.file === file).reduce((done, edit) => applyEdit(mutant, edit, done), text);
}
