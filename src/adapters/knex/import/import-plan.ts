/** What of the original's five tables a row is about. */
export const PARTS = ["users", "friends", "groups", "members", "messages"] as const;

/** One of the original's five tables. */
export type ImportPart = (typeof PARTS)[number];

/** Rows of the original that are not taken, for one reason. */
export interface LeftOut {
  readonly part: ImportPart;
  /** Why, as the second half of a sentence. */
  readonly reason: string;
  readonly count: number;
  /** The first few, by their `id` in the original's table. */
  readonly rowIds: readonly number[];
}

/** Something that is taken, but not as it was. */
export interface ImportNote {
  /** What it is, in words that fit behind `count`. */
  readonly text: string;
  readonly count: number;
}

/** What an import makes of a source: the same for a dry run and for the import itself. */
export interface ImportPlan {
  /** Where the rows come from, without a password. */
  readonly source: string;
  /** Zone in which the original's times are read. */
  readonly timeZone: string;
  /** Rows of each table that were looked at. */
  readonly rows: Readonly<Record<ImportPart, number>>;
  /** What they become; `members` with owners who had no row of their own. */
  readonly becomes: Readonly<Record<ImportPart, number>>;
  readonly inboxes: number;
  /** Places in all inboxes. */
  readonly places: number;
  /** Inboxes in which at least one message has another number than before. */
  readonly renumberedInboxes: number;
  /** Rows that had the number of an earlier row of their inbox. */
  readonly doubledNumbers: number;
  /** Gaps between the numbers of an inbox, however wide. */
  readonly closedGaps: number;
  /** Users whose password the original had as it writes them. */
  readonly passwords: number;
  readonly notes: readonly ImportNote[];
  readonly leftOut: readonly LeftOut[];
}

/** How far an import is. */
export interface ImportProgress {
  /** `reading` the source, `sorting` what was read, `writing` the target. */
  readonly step: "reading" | "sorting" | "writing";
  /** What of, for people: "messages", "heads of inboxes". */
  readonly what: string;
  readonly done: number;
  readonly of: number;
}
