import { VIOLATION_CLASSES, type ViolationClass } from "../../../src/testing/simulation/checks/violation.js";
import { keepHistory } from "../judge/judge.js";
import type { Counts } from "../report/counted-history.js";
import type { Figure, Ordeal } from "./ordeal.js";
import { OrdealStage, type StageSettings } from "./ordeal-stage.js";

/** What came of an ordeal. */
export interface OrdealReport {
  readonly name: string;
  readonly about: string;
  readonly clients: number;
  readonly counts: Counts;
  readonly figures: readonly Figure[];
  readonly violations: Readonly<Record<ViolationClass, number>>;
  /** Ends of nodes that nobody had wanted. */
  readonly crashes: readonly string[];
  /** `null` when there is nothing to look for. */
  readonly historyFile: string | null;
}

/** Runs one on a site of its own, and judges it. */
export async function runOrdeal(ordeal: Ordeal, settings: StageSettings): Promise<OrdealReport> {
  const stage = await OrdealStage.open(ordeal, settings);
  try {
    const figures = await ordeal.run(stage);
    const verdict = await stage.judge();
    const { name, about } = ordeal;
    const { violations } = verdict;
    const counted = VIOLATION_CLASSES.map((kind) => [kind, violations.filter((each) => each.class === kind).length]);
    return {
      name,
      about,
      clients: settings.clients,
      counts: { ...stage.room.history.counts },
      figures,
      violations: Object.fromEntries(counted) as Record<ViolationClass, number>,
      crashes: stage.site.crashes,
      historyFile: violations.length === 0 ? null : await keepHistory(verdict),
    };
  } finally {
    await stage.close();
  }
}

/** Whether everything was as promised. */
export function isGood({ figures, violations, crashes }: OrdealReport): boolean {
  const isKept = Object.values(violations).every((count) => count === 0);
  return (
    isKept && crashes.length === 0 && figures.every(({ value, atMost }) => atMost === undefined || value <= atMost)
  );
}
