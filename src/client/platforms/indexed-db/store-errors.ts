import { ImError, isImError } from "../../../core/errors.js";
import { describe } from "../../../core/model.js";

/** What to do about an error of IndexedDB, by its name. */
const ADVICE: Readonly<Record<string, string>> = {
  VersionError: "it was written by a newer version of this library; load the page anew, so that it gets that version",
  QuotaExceededError: "the browser has no room left for this site; free some on the device",
};

const USE_MEMORY = "if the browser keeps it from this page, use memoryStore(), which does not survive a reload";

/** Throws `store_failed` where there is no IndexedDB, or the browser forbids to look. */
export function assertIndexedDb(): void {
  let factory: unknown;
  try {
    factory = globalThis.indexedDB;
  } catch (cause) {
    throw new ImError("store_failed", { message: `IndexedDB may not be used here; ${USE_MEMORY}`, cause });
  }
  if (factory !== undefined && factory !== null) return;
  throw new ImError("store_failed", { message: "there is no IndexedDB here: use memoryStore()" });
}

/** Another tab, or another client in this one, has the store: `busy`, the only case of that code. */
export function openElsewhere(name: string): ImError {
  return new ImError("busy", {
    message: `the store ${describe(name)} is open in another tab or window, or a second time in this one; close it there`,
  });
}

/**
 * What a store rejects with: an error of ours as it is, everything else as `store_failed`.
 * @param what cannot be done, for example `be opened`
 */
export function asStoreError(name: string, what: string, cause: unknown): ImError {
  if (isImError(cause)) return cause;
  const { name: kind, message: text } = cause as DOMException;
  const why = ADVICE[kind] ?? (what === "be opened" ? `${text}; ${USE_MEMORY}` : text);
  return new ImError("store_failed", { message: `the store ${describe(name)} cannot ${what}: ${kind}: ${why}`, cause });
}
