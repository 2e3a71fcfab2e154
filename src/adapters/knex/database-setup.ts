import type { Knex } from "knex";
import type { Dialect } from "./dialect.js";

/** What knex is told of a database, and what is to be known of it besides. */
export interface Setup {
  readonly config: Knex.Config;
  readonly dialect: Dialect;
  /** Names the package of the driver. */
  readonly client: string;
  /** Where it is, for errors; without a password. */
  readonly place: string;
  /** What to look at when it cannot be opened. */
  readonly advice: string;
}
