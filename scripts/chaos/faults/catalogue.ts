import { clientFaults } from "./client-faults.js";
import { etcdFaults } from "./etcd-faults.js";
import type { Fault } from "./fault.js";
import { kafkaFaults } from "./kafka-faults.js";
import { mariadbFaults } from "./mariadb-faults.js";
import { networkFaults } from "./network-faults.js";
import { nodeFaults } from "./node-faults.js";
import { redisFaults } from "./redis-faults.js";
import { siteFaults } from "./site-faults.js";

/** Everything that can go wrong. */
export const allFaults: readonly Fault[] = [
  ...nodeFaults,
  ...kafkaFaults,
  ...redisFaults,
  ...etcdFaults,
  ...mariadbFaults,
  ...networkFaults,
  ...clientFaults,
  ...siteFaults,
];
