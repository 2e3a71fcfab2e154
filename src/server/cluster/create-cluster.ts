import type {
  DevicePolicy,
  Discovery,
  MessageQueue,
  NodeId,
  NodeRpc,
  Presence,
} from "../../adapters/contracts/index.js";
import { toHex } from "../../core/bytes.js";
import type { Runtime } from "../../core/runtime.js";
import type { ConnectionTable } from "../connections/table.js";
import { HealthRecord } from "../health/adapter-health.js";
import { Gate } from "./gate.js";
import type { Dismissal } from "./notices.js";
import { PendingOutcomes } from "./pending-outcomes.js";

/** Bytes of a node's id: nobody meets another one by chance. */
const ID_BYTES = 12;

/** What connects a node with the others. */
export interface NodeAdapters {
  readonly discovery: Discovery;
  readonly presence: Presence;
  readonly rpc: NodeRpc;
  readonly queue: MessageQueue | undefined;
}

/** The other nodes, seen from this one. */
export interface Cluster {
  readonly id: NodeId;
  readonly gate: Gate;
  readonly outcomes: PendingOutcomes;
  readonly health: Readonly<Record<"discovery" | "presence" | "rpc" | "queue", HealthRecord>>;
}

/** What a cluster is made of. */
export interface ClusterParts {
  readonly nodes: NodeAdapters;
  readonly table: ConnectionTable;
  readonly policy: DevicePolicy;
  readonly maxDevices: number;
  readonly runtime: Runtime;
  /** Ends every session of a user on this node. */
  readonly dismiss: (dismissal: Dismissal) => void;
}

/** Builds this node's end of the cluster. Nothing is opened yet. */
export function createCluster({ nodes, runtime, ...parts }: ClusterParts): Cluster {
  const id = toHex(runtime.randomBytes(ID_BYTES));
  const outcomes = new PendingOutcomes();
  const record = () => new HealthRecord(runtime);
  const health = { discovery: record(), presence: record(), rpc: record(), queue: record() };
  return { id, outcomes, health, gate: new Gate({ ...nodes, ...parts, id, runtime, outcomes, health }) };
}
