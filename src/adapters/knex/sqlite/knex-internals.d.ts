/** The part of knex that is not in its types: the dialect our client is made from. Pinned to ~3.3 in package.json for that reason. */
declare module "knex/lib/dialects/sqlite3/index.js" {
  import { Knex } from "knex";
  export default class SqliteDialect extends Knex.Client {
    poolDefaults(): { min: number; max: number; propagateCreateError: boolean };
    releaseConnection(connection: unknown): Promise<void>;
    transaction(...args: unknown[]): Knex.Transaction;
  }
}

declare module "knex/lib/dialects/sqlite3/execution/sqlite-transaction.js" {
  /** What knex calls to begin and end a transaction on one connection. */
  export default class SqliteTransaction {
    constructor(...args: unknown[]);
    query(connection: unknown, sql: string, status?: number, value?: unknown): Promise<unknown>;
    begin(connection: unknown): Promise<unknown>;
  }
}
