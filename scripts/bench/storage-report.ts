/** What came out of `npm run bench -- storage`, as `--json` prints it. */
export interface StorageReport {
  readonly bench: "storage";
  readonly measuredAt: string;
  readonly machine: Machine;
  readonly node: string;
  readonly contentBytes: number;
  readonly databases: readonly DatabaseReport[];
}

/** Where it was measured; the databases run on the same machine unless they were given. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  /** Processes that wanted to run in the minute before: near 0 on a quiet machine. */
  readonly loadBefore: number;
}

/** One database. */
export type DatabaseReport = MeasuredDatabase | UnmeasuredDatabase;

/** One that was not there (`skipped`), or in which something went wrong (`failed`), and why. */
export interface UnmeasuredDatabase {
  readonly name: string;
  readonly outcome: "skipped" | "failed";
  readonly reason: string;
}

/** One that was measured. */
export interface MeasuredDatabase {
  readonly name: string;
  readonly outcome: "measured";
  readonly version: string;
  /** `private`: of `npm run services`, its settings changed for the time of the measurement. `given`: left as it is. */
  readonly server: "file" | "private" | "given";
  readonly durability: Durability;
  readonly commits: readonly CommitFigures[];
  /** SQLite only: of the file, for a message between two users. */
  readonly fileBytesPerMessage?: number;
  readonly pages: PageFigures;
}

/** What an acknowledged message survives. */
export interface Durability {
  /** Whether it is on the disk, by the database's own account, before the commit is answered. */
  readonly durable: boolean;
  /** As the database says them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Why it is not what was wanted. */
  readonly note?: string;
}

/** Commits of one kind. */
export interface CommitFigures {
  readonly to: "two" | "group of 500";
  /** Messages handed over together; a commit may take a part only, then there are several. */
  readonly batch: number;
  readonly messagesPerSecond: number;
  readonly inboxRowsPerSecond: number;
  readonly messages: number;
  readonly inboxRows: number;
  readonly commits: number;
  /** Spent in commits. */
  readonly seconds: number;
  /** Of a commit. */
  readonly medianMs: number;
}

/** Pages at random places of one inbox, one after the other. */
export interface PageFigures {
  readonly inboxItems: number;
  readonly pageItems: number;
  readonly reads: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}
