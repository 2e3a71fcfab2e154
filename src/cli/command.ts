import type { SqliteStorageOptions } from "../adapters/knex/index.js";

/** `shyim migrate <file>`. */
export interface MigrateCommand {
  readonly kind: "migrate";
  readonly file: string;
  readonly client: SqliteStorageOptions["client"];
  /** Whether the file was put back from a backup. */
  readonly isRestored: boolean;
}

/** `shyim backup <file> <copy>`. */
export interface BackupCommand {
  readonly kind: "backup";
  readonly file: string;
  /** Where the copy goes; nothing may be there. */
  readonly copy: string;
  readonly client: SqliteStorageOptions["client"];
}

/** What somebody asked the program to do. */
export type Command =
  | MigrateCommand
  | BackupCommand
  | { readonly kind: "help"; readonly topic: "everything" | "migrate" | "backup" }
  | { readonly kind: "version" };
