import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./pack-package.js";

/** What projects need and this repository does not have, pinned here. Everything else has the version of `package-lock.json`. */
const pinned: Readonly<Record<string, string>> = { next: "16.4.6", react: "19.3.1", "react-dom": "19.3.1" };

/** What `npm install` is told, for example `vite@8.3.8`. */
export function pinnedPackage(name: string): string {
  return `${name}@${pinned[name] ?? installedVersion(repository, name)}`;
}

/** The version of a package that is installed in a folder. */
export function installedVersion(folder: string, name: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}
