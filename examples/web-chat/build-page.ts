import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { pageFolder } from "./app.js";
import { StartProblem } from "./start-problem.js";

const here = fileURLToPath(new URL(".", import.meta.url));
/** On the same disk as the built page, and ignored by git. */
const workshop = join(here, "../../.tmp");
const configFile = join(here, "vite.config.ts");
const SOURCES = [configFile, ...["page", "../../src/client", "../../src/core"].map((folder) => join(here, folder))];

/** Whether there is no built page yet, or what it is made of has changed since. */
export function isPageStale(): boolean {
  const built = statSync(join(pageFolder, "index.html"), { throwIfNoEntry: false });
  return built === undefined || SOURCES.some((source) => newestIn(source) > built.mtimeMs);
}

/**
 * Builds the page. It becomes visible as a whole, so that two builds at once, or a server that serves the old one meanwhile,
 * do not meet half of it. Throws {@link StartProblem} when there is a mistake in the sources.
 */
export async function buildPage(): Promise<void> {
  const { build } = await import("vite");
  mkdirSync(workshop, { recursive: true });
  const place = mkdtempSync(join(workshop, "page-"));
  const outDir = join(place, "new");
  try {
    await build({ configFile, logLevel: "silent", build: { outDir, emptyOutDir: true } });
    publish(place, outDir);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new StartProblem(`The page could not be built: ${stripVTControlCharacters(message)}`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Puts the new page where the old one is, which goes with the workshop. */
function publish(place: string, outDir: string): void {
  if (existsSync(pageFolder)) renameSync(pageFolder, join(place, "old"));
  renameSync(outDir, pageFolder);
}

/** When the newest file in a folder was written, ms since 1970; of a file, when it was. */
function newestIn(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
