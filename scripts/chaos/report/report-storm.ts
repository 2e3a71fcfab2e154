import type { IntervalHistogram } from "node:perf_hooks";
import { VIOLATION_CLASSES, type ViolationClass } from "../../../src/testing/simulation/checks/violation.js";
import { keepHistory, type Verdict } from "../judge/judge.js";
import { watchedShare } from "../judge/watched-share.js";
import { ackLatencies, latencyOf } from "./latency.js";
import type { StormReport } from "./storm-report.js";

const EXAMPLES = 20;
const NANOSECONDS_PER_MS = 1e6;

/** What is known without the verdict. */
export type StormFacts = Pick<
  StormReport,
  "seed" | "minutes" | "clients" | "users" | "tookMs" | "counts" | "faults" | "recoveries" | "crashes"
> & {
  /** In ns. */
  readonly stalls: Pick<IntervalHistogram, "percentile" | "max">;
};

/** Sums a storm up, and keeps its history where something was found. */
export async function reportStorm(verdict: Verdict, { stalls, ...facts }: StormFacts): Promise<StormReport> {
  const { violations, history } = verdict;
  const counted = VIOLATION_CLASSES.map((name) => [name, violations.filter((each) => each.class === name).length]);
  return {
    ...facts,
    ack: latencyOf(ackLatencies(history)),
    violations: Object.fromEntries(counted) as Record<ViolationClass, number>,
    examples: violations.slice(0, EXAMPLES),
    watchedShare: watchedShare(history),
    stalls: { p99: stalls.percentile(99) / NANOSECONDS_PER_MS, max: stalls.max / NANOSECONDS_PER_MS },
    historyFile: violations.length === 0 ? null : await keepHistory(verdict),
  };
}
