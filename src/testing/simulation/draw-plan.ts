import type { DevicePolicy } from "../../adapters/contracts/index.js";
import type { GroupId } from "../../core/model.js";
import type { Limits } from "../../server/limits.js";
import type { SeededRandom } from "../fakes/random.js";
import { drawCluster, drawClusterFaults, drawLateDisconnects } from "./draw-cluster.js";
import { drawFaults } from "./draw-faults.js";
import { drawLateTraffic, drawTraffic } from "./draw-traffic.js";
import type { Cast, DevicePlan, Plan, TokenHabit } from "./plan.js";

/** After the faults it takes a cluster so long to be whole again, ms. */
export const WHOLE_AFTER_MS = 16_000;

/**
 * Draws a schedule.
 * @param clusterRandom for all that concerns several nodes, so that schedules with one stay what they are
 * @param nodes how many; drawn when it is not given
 */
export function drawPlan(random: SeededRandom, clusterRandom: SeededRandom, nodes?: 1 | 3): Plan {
  const cluster = drawCluster(clusterRandom, nodes);
  const hasRestore = random.chance(0.15);
  const healAt = random.between(15_000, 45_000) + (cluster === null ? 0 : clusterRandom.pick([0, 0, 20_000]));
  const alone = drawPolicy(random);
  const policy = cluster !== null && clusterRandom.chance(0.2) ? drawPolicy(clusterRandom) : alone;
  const single = drawCast(random, {
    hasLegacy: policy === "multi" && !hasRestore && random.chance(0.4),
    secondDevice: policy === "multi" ? 0.35 : cluster === null ? 0 : 0.6,
    habits: random.chance(0.35) ? ["fresh", "cached"] : ["forever"],
  });
  const cast = cluster === null ? single : { ...single, devices: single.devices.map(withKind(clusterRandom)) };
  const moments = [...drawTraffic(random, cast, healAt), ...drawFaults(random, cast, healAt, hasRestore)];
  if (cluster !== null) {
    moments.push(...drawClusterFaults(clusterRandom, { cast, cluster, policy, endAt: healAt }));
    const wholeAt = healAt + WHOLE_AFTER_MS + 1_000;
    moments.push(...drawLateTraffic(clusterRandom, cast, wholeAt));
    moments.push(...drawLateDisconnects(clusterRandom, cast, wholeAt));
  }
  return {
    cast,
    cluster,
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

const withKind =
  (random: SeededRandom) =>
  (device: DevicePlan): DevicePlan => ({ ...device, deviceKind: random.pick(["phone", "phone", "web"]) });

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
    const storeLatencyMs = random.pick([0, 0, 20, 300]);
    const first = { id: `${userId}/1`, userId, isLegacy, tokens, storeLatencyMs, deviceKind: "" };
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
