import { openElsewhere } from "./store-errors.js";
import { databaseNameOf } from "./store-name.js";

/** The right to use a store. The browser takes it from a tab that dies. */
export interface StoreLock {
  /** Resolves when somebody else can have it. */
  release(): Promise<void>;
}

/**
 * Takes the lock of a store; rejects with `busy` when it is taken, here or in another tab. Where there are no Web Locks,
 * which browsers give only to pages from https and from this machine, everybody gets one.
 */
export async function takeStoreLock(name: string): Promise<StoreLock> {
  const locks = webLocks();
  if (locks === undefined) return { release: async () => {} };
  return new Promise((resolve, reject) => {
    const grant = (lock: Lock | null): Promise<void> => {
      if (lock === null) return Promise.reject(openElsewhere(name));
      // The browser holds the lock until this promise settles, and is done with it when `over` does.
      return new Promise((letGo) => resolve({ release: () => releaseWith(letGo, over) }));
    };
    const over: Promise<unknown> = locks.request(databaseNameOf(name), { ifAvailable: true }, grant);
    over.catch(reject);
  });
}

async function releaseWith(letGo: () => void, over: Promise<unknown>): Promise<void> {
  letGo();
  await over.catch(() => {});
}

function webLocks(): LockManager | undefined {
  return (globalThis as { readonly navigator?: Partial<Navigator> }).navigator?.locks;
}
