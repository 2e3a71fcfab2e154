import type { KnexStorage } from "../../src/adapters/knex/index.js";
import type { BenchSettings } from "./bench-settings.js";
import type { Durability, MeasuredDatabase } from "./storage-report.js";
import type { Undo } from "./undo.js";

/** A database that can be measured, if it is there. */
export interface BenchTarget {
  readonly name: string;
  /** Makes a database of its own; gives why not where there is no server. What is to be taken away again is put into `undo`. */
  open(settings: BenchSettings, undo: Undo): Promise<BenchPlace | Absence>;
}

/** Why a database is not measured, and what to do. */
export interface Absence {
  readonly absent: string;
}

/** A new database with a storage on it. */
export interface BenchPlace {
  readonly version: string;
  readonly server: MeasuredDatabase["server"];
  /** Started. */
  readonly storage: KnexStorage;
  /** Asked of the database, on a connection of its own. */
  readDurability(): Promise<Durability>;
  /** How the database writes what a large inbox is filled with. */
  readonly words: FillWords;
  /** Runs a statement beside the storage. */
  execute(sql: string): Promise<void>;
  /** Bytes of the file, with everything that is in its log. SQLite only. */
  readonly fileBytes?: () => Promise<number>;
}

/** Expressions in which databases differ. */
export interface FillWords {
  /** 16 bytes for the number `n`, none twice. */
  readonly messageId: string;
  /** Content of 200 bytes. */
  readonly content: string;
}
