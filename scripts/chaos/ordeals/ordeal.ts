import type { OrdealStage } from "./ordeal-stage.js";

/** Something that was measured. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: "ms" | "";
  /** More would be too much; without it nothing was promised. */
  readonly atMost?: number;
}

/** One harm on purpose, on a site of its own, and what is measured meanwhile. */
export interface Ordeal {
  /** On the command line. */
  readonly name: string;
  /** One sentence for people. */
  readonly about: string;
  /** How many clients there are when nothing is said. */
  readonly clients: number;
  /** Messages of each client a second. */
  readonly messagesPerSecond: number;
  /** What a second device means. Default `multi`. */
  readonly devicePolicy?: "single";
  /** Whether it brings its own few people. Default: a crowd talks all the time. */
  readonly isPrivate?: true;
  run(stage: OrdealStage): Promise<readonly Figure[]>;
}
