import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository, with no separator at its end. */
export const repositoryFolder = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** One text file, its path relative to the repository, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every file below `folder` (relative to the repository) for which `wanted` says yes; the named folders are left out. */
export function readFiles(
  folder: string,
  wanted: (path: string) => boolean,
  leaveOut: ReadonlySet<string> = new Set(),
): SourceFile[] {
  return readdirSync(join(repositoryFolder, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (leaveOut.has(entry.name)) return [];
    if (entry.isDirectory()) return readFiles(path, wanted, leaveOut);
    return entry.isFile() && wanted(path) ? [readOne(path)] : [];
  });
}

/** Every TypeScript file of the library. */
export function readLibrary(): SourceFile[] {
  return readFiles("src", (path) => path.endsWith(".ts"));
}

function readOne(path: string): SourceFile {
  const full = join(repositoryFolder, path);
  return { path: relative(repositoryFolder, full).split(sep).join("/"), text: readFileSync(full, "utf8") };
}
