import type { Knex } from "knex";
import type { ServerConnection } from "./server-connection.js";

/** What knex calls with every new connection of a driver. */
export type AfterCreate = (raw: RawConnection, done: (error: unknown, raw?: RawConnection) => void) => void;

/** How to connect to a server, as the options or a knex of the application's say it. */
export interface ServerSettings {
  readonly client: "mysql2" | "pg";
  /** A function is asked for the settings whenever knex needs them. */
  readonly connection: ServerConnection | (() => Promise<ServerConnection>);
  readonly max?: number | undefined;
  readonly maxConnectionLifetimeMillis?: number | undefined;
  readonly maxConnectionLifetimeJitterMillis?: number | undefined;
  readonly acquireConnectionTimeout?: number | undefined;
  readonly searchPath?: string | readonly string[] | undefined;
  /** The application's, run on each connection of the storage before anything of ours. */
  readonly afterCreate?: AfterCreate | undefined;
  /** What knex makes its client from, instead of its own class for `client`. */
  readonly clientClass?: typeof Knex.Client | undefined;
}

/** A connection of either package, as far as it is used here. */
export interface RawConnection {
  query(sql: string, done: (error: unknown) => void): void;
  end(done: () => void): void;
  /** Of `pg`, which gives a bigint as text otherwise. */
  setTypeParser?(type: number, format: "text", parse: (text: string) => unknown): void;
}
