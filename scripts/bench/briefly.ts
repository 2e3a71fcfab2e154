import createKnex, { type Knex } from "knex";
import type { ServerStorageOptions } from "../../src/adapters/knex/index.js";

/** `work` on a new connection, which is closed again. */
export async function briefly<T>(
  client: ServerStorageOptions["client"],
  connection: string,
  work: (knex: Knex) => Promise<T>,
): Promise<T> {
  const knex = createKnex({ client, connection, pool: { min: 0, max: 1 } });
  try {
    return await work(knex);
  } finally {
    await knex.destroy();
  }
}
