import { etcdAway } from "./etcd-away.js";
import { flushRedisOrdeal } from "./flush-redis.js";
import { kafkaPaused } from "./kafka-paused.js";
import { killNode } from "./kill-node.js";
import type { Ordeal } from "./ordeal.js";
import { rollingRestart } from "./rolling-restart.js";
import { single } from "./single.js";
import { twoNodes } from "./two-nodes.js";

/** Every ordeal there is, in the order they are run. */
export const allOrdeals: readonly Ordeal[] = [
  twoNodes,
  single,
  killNode,
  flushRedisOrdeal,
  etcdAway,
  kafkaPaused,
  rollingRestart,
];
