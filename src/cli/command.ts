import type { SqliteStorageOptions } from "../adapters/knex/index.js";
import type { Place } from "./place.js";

/** `shyim migrate <database>`. */
export interface MigrateCommand {
  readonly kind: "migrate";
  readonly place: Place;
  /** Whether the database was put back from a backup. */
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

/** `shyim import --from <url> --to <database>`. */
export interface ImportCommand {
  readonly kind: "import";
  /** URL of the original's database. */
  readonly from: string;
  readonly to: Place;
  readonly isDryRun: boolean;
  /** `null`: the default of the import. */
  readonly maxContentBytes: number | null;
  /** Driver of the file in which rows are sorted. */
  readonly client: SqliteStorageOptions["client"];
}

/** The commands by their names. */
export type CommandName = (MigrateCommand | BackupCommand | ImportCommand)["kind"];

/** What somebody asked the program to do. */
export type Command =
  | MigrateCommand
  | BackupCommand
  | ImportCommand
  | { readonly kind: "help"; readonly topic: "everything" | CommandName }
  | { readonly kind: "version" };
