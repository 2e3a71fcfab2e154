import { accessSync, constants, readdirSync } from "node:fs";
import { join } from "node:path";

const POSTGRES = "/usr/lib/postgresql";
const ALSO = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/lib/rabbitmq/bin"];

/** Where the program of this name is: on the search path, or where Debian keeps what is not; `null` when it is missing. */
export function findProgram(name: string, searchPath = process.env.PATH ?? ""): string | null {
  const folders = [...postgresFolders(), "/usr/lib/rabbitmq/bin", ...searchPath.split(":"), ...ALSO];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/** The same, for a program that has to be there. */
export function theProgram(name: string): string {
  const path = findProgram(name);
  if (path === null) throw new Error(`there is no program ${name} here`);
  return path;
}

/** Debian keeps the server's programs of each PostgreSQL in a folder of its own, off the search path; the newest first. */
function postgresFolders(): string[] {
  try {
    const versions = readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(POSTGRES, version, "bin"));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
