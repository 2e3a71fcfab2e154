import { PROBES, runCampaign } from "../../src/testing/simulation/index.js";

/** What a part of the campaign showed, in a form that says at once what is wrong. */
export interface CampaignReport {
  /** One line per violation, with the seed that plays it again: `npm run sim -- --replay SEED`. */
  readonly violations: readonly string[];
  /** Rare paths that were never entered. */
  readonly unvisited: readonly string[];
}

/** Runs `schedules` schedules from `first` on. */
export async function reportCampaign(seed: number, first: number, schedules: number): Promise<CampaignReport> {
  const violations: string[] = [];
  const { probes } = await runCampaign({
    schedules,
    seed,
    first,
    onSchedule: (own, result) => {
      for (const { class: name, text } of result.violations) violations.push(`seed ${own}: ${name}: ${text}`);
      return true;
    },
  });
  return { violations, unvisited: PROBES.filter((probe) => probes.of(probe) === 0) };
}
