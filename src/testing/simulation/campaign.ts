import { VIOLATION_CLASSES, type ViolationClass } from "./checks/violation.js";
import { ProbeCounts } from "./probes.js";
import { type SimulateResult, simulate } from "./simulate.js";

/** Which schedules to run. */
export interface CampaignOptions {
  readonly schedules: number;
  readonly seed: number;
  /** How many servers. Default: drawn for each schedule. */
  readonly nodes?: 1 | 3;
  /** The first schedule's number; for campaigns in several parts. Default 0. */
  readonly first?: number;
  /** Told after each schedule; answering false ends the campaign. */
  readonly onSchedule?: (seed: number, result: SimulateResult) => boolean;
}

/** What a campaign showed. */
export interface CampaignResult {
  readonly schedules: number;
  readonly messages: number;
  readonly violations: ReadonlyMap<ViolationClass, number>;
  /** The seed of the first schedule with a violation: `simulate({ seed })` plays it again. */
  readonly firstBadSeed: number | null;
  readonly probes: ProbeCounts;
}

/** Runs schedule after schedule. */
export async function runCampaign({
  schedules,
  seed,
  nodes,
  first = 0,
  onSchedule,
}: CampaignOptions): Promise<CampaignResult> {
  const violations = new Map<ViolationClass, number>(VIOLATION_CLASSES.map((name) => [name, 0]));
  const probes = new ProbeCounts();
  let messages = 0;
  let firstBadSeed: number | null = null;
  let done = 0;
  while (done < schedules) {
    const own = scheduleSeed(seed, first + done);
    const result = await simulate({ seed: own, ...(nodes === undefined ? {} : { nodes }) });
    done++;
    messages += result.messages;
    probes.add(result.probes);
    for (const violation of result.violations)
      violations.set(violation.class, (violations.get(violation.class) ?? 0) + 1);
    if (result.violations.length > 0) firstBadSeed ??= own;
    if (onSchedule?.(own, result) === false) break;
  }
  return { schedules: done, messages, violations, firstBadSeed, probes };
}

/** The seed of schedule `index` of a campaign: neighbours have nothing in common. Below 2^32, easy to type. */
export function scheduleSeed(campaignSeed: number, index: number): number {
  return mix(mix(campaignSeed >>> 0) ^ mix((index + 0x9e3779b9) >>> 0));
}

/** A bijection on 32 bits in which every bit of the input moves half of the output (murmur3's finalizer). */
function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
