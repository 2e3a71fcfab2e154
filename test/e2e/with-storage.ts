import type { KnexStorage } from "../../src/adapters/knex/index.js";

/** Where a database is, and handles on it. */
export interface StoragePlace {
  /** A storage on it, not started. */
  storage(): KnexStorage;
}

/** Opens a database no server has open, for as long as `use` takes. */
export async function withStorage<T>(place: StoragePlace, use: (storage: KnexStorage) => Promise<T>): Promise<T> {
  const storage = place.storage();
  await storage.start();
  try {
    return await use(storage);
  } finally {
    await storage.close();
  }
}
