import type { Fleet } from "./actors/fleet.js";
import type { SimHub } from "./cluster/sim-hub.js";
import type { NodeNumber } from "./history.js";
import type { ClusterFault, HelperPart, HelperState, Plan } from "./plan.js";
import type { World } from "./world.js";

/** What goes wrong between nodes concerns these. */
export interface ClusterSurroundings {
  readonly world: World;
  readonly plan: Plan;
  /** `null` for one server alone: then nothing goes wrong here. */
  readonly sim: SimHub | null;
  readonly fleet: Fleet;
  /** One machine after the other. */
  readonly roll: () => Promise<void>;
}

/** Makes the faults of a cluster, and ends them. */
export class ClusterFaults {
  readonly #around: ClusterSurroundings;
  readonly #parted = new Set<readonly [NodeNumber, NodeNumber]>();

  constructor(around: ClusterSurroundings) {
    this.#around = around;
  }

  act(fault: ClusterFault): void {
    const { fleet, sim, roll } = this.#around;
    switch (fault.kind) {
      case "freeze":
        return fleet.hosts[fault.node]?.freeze(fault.whenBusy);
      case "thaw":
        return fleet.hosts[fault.node]?.thaw();
      case "expire":
        return fleet.expire(fault.node);
      case "roll":
        return void roll();
      case "helpers":
        return this.#setHelpers(fault.node, fault.part, fault.state);
      case "part":
        return this.#part(fault.nodes);
      case "rejoin":
        return fleet.setParted(fault.nodes, false);
      case "queue":
        return sim?.setQueue(fault.state === "harmful");
      case "litter":
        return void sim?.litter(fault.records);
      default:
        return this.#harm(fault.kind);
    }
  }

  /** Ends whatever goes on. */
  heal(): void {
    const { fleet, sim } = this.#around;
    if (sim === null) return;
    this.#setHelpers("all", "all", "fair");
    for (const pair of this.#parted) fleet.setParted(pair, false);
    sim.setQueue(false);
    for (const host of fleet.hosts) host.thaw();
  }

  #harm(kind: "forget_routes" | "forget_nodes" | "forget_records" | "misroute" | "rebalance"): void {
    const { sim, fleet, plan, world } = this.#around;
    if (kind === "forget_nodes") sim?.hub.forgetNodes();
    else if (kind === "forget_records") sim?.hub.forgetRecords();
    else if (kind === "rebalance") sim?.hub.rebalanceQueue();
    else world.history.record({ kind: "book_harmed" });
    if (kind === "forget_routes") sim?.hub.forgetRoutes();
    if (kind === "misroute") void sim?.misroute(plan.cast.userIds, fleet.registered);
  }

  #setHelpers(node: NodeNumber | "all", part: HelperPart | "all", state: HelperState): void {
    const { fleet, world } = this.#around;
    if (part === "presence" || part === "all") {
      world.history.record({ kind: state === "fair" ? "book_kept" : "book_harmed" });
    }
    for (const host of fleet.chosen(node)) host.setHelpers(part, state);
  }

  #part(nodes: readonly [NodeNumber, NodeNumber]): void {
    this.#parted.add(nodes);
    this.#around.fleet.setParted(nodes, true);
  }
}
