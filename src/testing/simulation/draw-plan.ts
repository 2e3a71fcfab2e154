import type { DevicePolicy } from "../../adapters/contracts/index.js";
import type { GroupId } from "../../core/model.js";
import type { Limits } from "../../server/limits.js";
import type { SeededRandom } from "../fakes/random.js";
import { drawFaults } from "./draw-faults.js";
import { drawTraffic } from "./draw-traffic.js";
import type { Cast, DevicePlan, Plan, TokenHabit } from "./plan.js";

/** Draws a schedule. */
export function drawPlan(random: SeededRandom): Plan {
  const hasRestore = random.chance(0.15);
  const healAt = random.between(15_000, 45_000);
  const policy = drawPolicy(random);
  const cast = drawCast(random, {
    hasLegacy: policy === "multi" && !hasRestore && random.chance(0.4),
    secondDevice: policy === "multi" ? 0.35 : 0,
    habits: random.chance(0.35) ? ["fresh", "cached"] : ["forever"],
  });
  const moments = [...drawTraffic(random, cast, healAt), ...drawFaults(random, cast, healAt, hasRestore)];
  return {
    cast,
    limits: drawLimits(random),
    policy,
    latencyMs: random.between(1, 60),
    jitterMs: random.between(0, 40),
    storageLatencyMs: random.pick([3, 20, 150]),
    hints: {
      lost: random.pick([0, 0, 0.2, 0.4, 1]),
      lying: random.pick([0, 0, 0.15]),
      repeated: random.pick([0, 0, 0.2]),
    },
    moments: moments.sort((a, b) => a.at - b.at),
    healAt,
  };
}

function drawPolicy(random: SeededRandom): DevicePolicy {
  return random.chance(0.75) ? "multi" : random.pick(["single", "one-per-device-kind", "reject-new"]);
}

interface CastOptions {
  readonly hasLegacy: boolean;
  /** How likely a user has another device. */
  readonly secondDevice: number;
  /** Of the devices that are no legacy ones. */
  readonly habits: readonly TokenHabit[];
}

function drawCast(random: SeededRandom, { hasLegacy, secondDevice, habits }: CastOptions): Cast {
  const userIds = ["ann", "bob", "1003", "dora-4", "E"].slice(0, random.between(3, 5));
  const devices = userIds.flatMap((userId): DevicePlan[] => {
    const isLegacy = hasLegacy && userId === "1003";
    const tokens = isLegacy ? "forever" : random.pick(habits);
    const first = { id: `${userId}/1`, userId, isLegacy, tokens, storeLatencyMs: random.pick([0, 0, 20, 300]) };
    if (!random.chance(secondDevice)) return [first];
    const second = { ...first, id: `${userId}/2`, isLegacy: false, tokens: random.pick(habits) };
    return [first, { ...second, storeLatencyMs: random.pick([0, 300]) }];
  });
  const groups = Array.from({ length: random.between(1, 2) }, (_, index) => ({
    id: ["ops", "77"][index] as GroupId,
    memberIds: userIds.filter((_, position) => position < 2 || random.chance(0.8)),
  }));
  return { userIds, devices, groups };
}

function drawLimits(random: SeededRandom): Partial<Limits> {
  return {
    heartbeatMs: random.pick([5_000, 10_000, 25_000, 25_000]),
    window: random.pick([2, 32, 32]),
    uplinksPerSecond: random.pick([5, 20, 20]),
    maxBufferedBytes: random.pick([1_024, 262_144, 262_144]),
    maxUnacknowledged: random.pick([40, 2_000, 2_000]),
    maxQueuedBytes: random.pick([300, 67_108_864, 67_108_864]),
  };
}
