import type { SqliteStorageOptions } from "../../../src/adapters/knex/index.js";
import type { StorageFactory } from "../../../src/testing/conformance/storage.js";
import { SqlitePlace } from "./sqlite-place.js";

/** Storages on files of their own, any number of handles on each. */
export function sqliteFixture(client: SqliteStorageOptions["client"]): StorageFactory {
  return async () => {
    const place = await SqlitePlace.create();
    return {
      storage: place.storage(client),
      another: async () => place.storage(client),
      application: () => place.application(),
      dispose: () => place.remove(),
    };
  };
}
