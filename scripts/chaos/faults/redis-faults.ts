import { flushRedis } from "../site/ask-redis.js";
import { insist } from "../site/insist.js";
import { pauses, serversDie } from "./engine-faults.js";
import type { Fault } from "./fault.js";
import { cutOff, slow } from "./line-faults.js";

/** What happens to the book of sessions. It costs time alone: what is looked up is repaired by reading heads. */
export const redisFaults: readonly Fault[] = [
  {
    kind: "redis: FLUSHALL",
    harms: "redis",
    lastsMs: [0, 0],
    mayBeTrouble: false,
    begin: async ({ engines }) => {
      await insist(() => flushRedis(engines.redis.url));
      return { text: "Redis flushed", isTrouble: false, end: async () => {} };
    },
  },
  serversDie("redis", [0, 10_000], false),
  pauses("redis", [1_000, 15_000], false),
  slow("redis", { latencyMs: 1_000, jitterMs: 0 }, false),
  cutOff("redis: one node cut off", "redis", [2_000, 15_000], false),
];
