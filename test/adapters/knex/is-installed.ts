import { createRequire } from "node:module";

/** Whether a package can be loaded from here. */
export function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
