import { deleteDB } from "idb";
import { asStoreError, assertIndexedDb, openElsewhere } from "./store-errors.js";
import { takeStoreLock } from "./store-lock.js";
import { databaseNameOf } from "./store-name.js";

/**
 * Forgets what `indexedDbStore(name)` keeps on this device, unsent messages included: for signing out. Close the client
 * first. Deleting what is not there is no error.
 *
 * Rejects with `busy` while the store is open, here or in another tab; with `store_failed` where there is no IndexedDB or it
 * cannot be deleted; with `invalid_argument` for a name that is none. Without Web Locks (see there) nobody can tell
 * that another tab has it open: it is deleted, and the client there begins anew. After a `busy` that comes of a connection which is
 * none of ours (of a debugging tool, say), the browser deletes the store all the same as soon as that one is closed.
 */
export async function deleteIndexedDbStore(name: string): Promise<void> {
  const databaseName = databaseNameOf(name);
  assertIndexedDb();
  try {
    const lock = await takeStoreLock(name);
    await deleteDatabase(name, databaseName).finally(() => lock.release());
  } catch (cause) {
    throw asStoreError(name, "be deleted", cause);
  }
}

/** A connection that does not give way when it is asked to is none of ours; the browser goes on waiting for it. */
function deleteDatabase(name: string, databaseName: string): Promise<void> {
  return new Promise((resolve, reject) => {
    deleteDB(databaseName, { blocked: () => reject(openElsewhere(name)) }).then(resolve, reject);
  });
}
