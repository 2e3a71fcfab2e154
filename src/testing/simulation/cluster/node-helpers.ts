import type { MessageId, UserId } from "../../../core/model.js";
import type { NodeAdapters } from "../../../server/cluster/create-cluster.js";
import type { VirtualRuntime } from "../../fakes/virtual-time.js";
import { type NodeNumber, ownerOf } from "../history.js";
import { HELPER_PARTS, type HelperPart, type HelperState } from "../plan.js";
import type { World } from "../world.js";
import { NodeTap } from "./node-tap.js";
import type { SimHub } from "./sim-hub.js";

/** How each part of a node is, by part. */
export type HelperStates = Record<HelperPart, HelperState>;

/** Where a process runs. */
export interface HelperMachine {
  readonly runtime: VirtualRuntime;
  readonly node: NodeNumber;
  /** They may change: then {@link NodeHelpers.apply}. */
  readonly states: Readonly<HelperStates>;
}

/** What connects one server process with the others, each part on a way of its own that can fail by itself. */
export class NodeHelpers {
  readonly tap: NodeTap;
  readonly adapters: NodeAdapters;
  readonly #states: Readonly<HelperStates>;
  readonly #links: Readonly<Record<HelperPart, ReturnType<SimHub["link"]>>>;

  constructor(sim: SimHub, world: World, { runtime, node, states }: HelperMachine) {
    const { site, probes, history, network } = world;
    this.#states = states;
    const link = (part: HelperPart) => sim.link(() => states[part] === "slow");
    this.#links = { discovery: link("discovery"), presence: link("presence"), rpc: link("rpc"), queue: link("queue") };
    const isCutOff = () => HELPER_PARTS.every((part) => states[part] === "away");
    const onDropped = (messageId: MessageId | null) => history.record({ kind: "dropped", messageId, node });
    const isHere = (userId: UserId) =>
      network.links.some(({ server, device }) => server?.runtime === runtime && ownerOf(device) === userId);
    this.tap = new NodeTap({ inHand: sim.inHand, site, probes, runtime, isCutOff, isHere, onDropped });
    const { discovery, presence, rpc, queue } = this.#links;
    this.adapters = this.tap.wrap({
      discovery: sim.hub.discovery(discovery),
      presence: sim.hub.presence(presence),
      rpc: sim.hub.rpc(rpc),
      queue: sim.plan.hasQueue ? sim.hub.queue(queue) : undefined,
    });
    this.apply();
  }

  /** Makes the ways what the states of the machine say. */
  apply(): void {
    for (const part of HELPER_PARTS) {
      const state = this.#states[part];
      const link = this.#links[part];
      if (state === "away") link.cut();
      else if (state === "mute") link.loseAnswers();
      else link.heal();
    }
  }

  freeze(): void {
    for (const part of HELPER_PARTS) this.#links[part].freeze();
  }

  thaw(): void {
    for (const part of HELPER_PARTS) this.#links[part].thaw();
  }

  crash(): void {
    for (const part of HELPER_PARTS) this.#links[part].crash();
  }
}
