import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import { FakeLocks } from "./fake-locks.js";

/** What a page finds around it; `undefined` for what it does not have. */
export interface Surroundings {
  readonly locks?: FakeLocks | undefined;
  readonly indexedDB?: unknown;
}

/** A fresh browser with an empty disk. Returns its locks. Undone by `vi.unstubAllGlobals()`. */
export function freshBrowser(parts: Surroundings = {}): FakeLocks {
  const locks = new FakeLocks();
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("navigator", { locks });
  for (const [name, value] of Object.entries(parts)) {
    if (name === "locks") vi.stubGlobal("navigator", { locks: value });
    else vi.stubGlobal(name, value);
  }
  return locks;
}
