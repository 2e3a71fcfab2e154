import type { Violation, ViolationClass } from "../../../src/testing/simulation/checks/violation.js";
import type { Counts } from "./counted-history.js";
import type { Latency } from "./latency.js";
import type { Recovery } from "./recovery-watch.js";

/** What a storm showed. */
export interface StormReport {
  readonly seed: number;
  readonly minutes: number;
  readonly clients: number;
  readonly users: number;
  /** From the first client to the last verdict, ms. */
  readonly tookMs: number;
  readonly counts: Counts;
  /** From composing to the acknowledgement, through whatever came in between. */
  readonly ack: Latency;
  /** How many there were of each kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** How many there are of each class; every class is there. */
  readonly violations: Readonly<Record<ViolationClass, number>>;
  /** The first of them. */
  readonly examples: readonly Violation[];
  /** The slowest first. */
  readonly recoveries: readonly Recovery[];
  /** In what share of the time of all clients lateness was judged, 0 to 1. */
  readonly watchedShare: number;
  /** What went wrong with the site itself. */
  readonly crashes: readonly string[];
  /** How long this process, which plays everybody, was busy without a break, ms. */
  readonly stalls: { readonly p99: number; readonly max: number };
  /** Where the history is; `null` when there was nothing to keep it for. */
  readonly historyFile: string | null;
}
