import type { KnexStorage } from "../../src/adapters/knex/index.js";
import type { SqlitePlace } from "../adapters/knex/sqlite-place.js";

/** Opens a file no server has open, for as long as `use` takes. */
export async function withStorage<T>(place: SqlitePlace, use: (storage: KnexStorage) => Promise<T>): Promise<T> {
  const storage = place.storage();
  await storage.start();
  try {
    return await use(storage);
  } finally {
    await storage.close();
  }
}
