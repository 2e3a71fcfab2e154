import type {
  DevicePolicy,
  Discovery,
  MessageQueue,
  NodeId,
  NodeRpc,
  Presence,
} from "../../adapters/contracts/index.js";
import { toHex } from "../../core/bytes.js";
import type { UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import type { ConnectionTable } from "../connections/table.js";
import { type AdapterHealth, HealthRecord } from "../health/adapter-health.js";
import type { Logger } from "../logger.js";
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
  readonly logger: Logger;
  /** Ends every session of a user on this node. */
  readonly dismiss: (dismissal: Dismissal) => void;
  /** Asks whether the sessions of a user on this node still stand. */
  readonly recheck: (userId: UserId) => void;
}

/** Builds this node's end of the cluster. Nothing is opened yet. */
export function createCluster({ nodes, runtime, logger, ...parts }: ClusterParts): Cluster {
  const id = toHex(runtime.randomBytes(ID_BYTES));
  const outcomes = new PendingOutcomes();
  const record = (part: string) =>
    new HealthRecord(runtime, (health) => tellChange(logger, { node: id, part, ...health }));
  const health = {
    discovery: record("discovery"),
    presence: record("presence"),
    rpc: record("rpc"),
    queue: record("queue"),
  };
  return { id, outcomes, health, gate: new Gate({ ...nodes, ...parts, id, runtime, logger, outcomes, health }) };
}

/** Once for each change: what is away is for somebody to look at, although messages go on without it. */
function tellChange(
  logger: Logger,
  { state, since: _, ...fields }: AdapterHealth & { node: NodeId; part: string },
): void {
  if (state === "up") logger.info(fields, "a part of the cluster is there");
  else logger.warn({ ...fields, state }, "a part of the cluster does not do its work; the node serves on without it");
}
