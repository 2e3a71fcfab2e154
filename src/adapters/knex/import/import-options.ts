import type { Database } from "../database.js";
import type { ServerStorageOptions, SqliteStorageOptions } from "../options.js";
import type { ImportPlan, ImportProgress } from "./import-plan.js";
import type { PageSizes } from "./write-target.js";

/** Largest content that is taken, bytes, where nothing else is said: what a server takes by default (`limits.maxContentBytes`). */
export const DEFAULT_MAX_CONTENT_BYTES = 32_768;

/** What an import can write into. */
export type ImportTo = SqliteStorageOptions | ServerStorageOptions;

/** Options of `importShyim`. */
export interface ImportOptions {
  /** URL of the original's database: `mysql://user:password@host:3306/im`. It is only read. */
  readonly from: string;
  /** Where the chat goes: a database without one. */
  readonly to: ImportTo;
  /** With true everything is read and planned, and nothing is written. The target need not be there. */
  readonly isDryRun?: boolean;
  /** Messages with larger content are left out, bytes. Default 32,768, as for a server's `limits.maxContentBytes`. */
  readonly maxContentBytes?: number;
  /** Driver of the file in which rows are sorted meanwhile. Default: the target's, or `sqlite` for a database server. */
  readonly sortWith?: SqliteStorageOptions["client"];
  /** Told once, when everything is read and before any of it is written. */
  readonly onPlan?: (plan: ImportPlan) => void;
  /** Told after every page. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** What an import came to. */
export type ImportResult = "planned" | "imported" | "imported before";

/** What only tests say. */
export interface ImportParts {
  /** In place of the database that `to` means. */
  readonly database?: Database;
  readonly pages?: PageSizes;
}
