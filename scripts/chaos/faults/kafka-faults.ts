import { pauses, serversDie } from "./engine-faults.js";
import type { Fault } from "./fault.js";
import { cutOff, slow } from "./line-faults.js";

/** The group throws out who is not heard for 6 s: the partitions move, and again when the node is back. */
const THROWN_OUT_MS: Fault["lastsMs"] = [8_000, 15_000];

/** What happens to the queue. Nobody waits for it: an origin commits itself after a second. */
export const kafkaFaults: readonly Fault[] = [
  pauses("kafka", [1_000, 15_000], false),
  serversDie("kafka", [0, 8_000], false),
  cutOff("kafka: rebalance", "kafka", THROWN_OUT_MS, false),
  slow("kafka", { latencyMs: 700, jitterMs: 300 }, false),
];
