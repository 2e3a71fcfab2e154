import { type HelperStates, NodeHelpers } from "../cluster/node-helpers.js";
import type { SimHub } from "../cluster/sim-hub.js";
import type { NodeNumber } from "../history.js";
import { HELPER_PARTS, type HelperPart, type HelperState, type Plan } from "../plan.js";
import type { World } from "../world.js";
import { ServerProcess } from "./server-process.js";

/** A machine that server processes run on, one after the other. */
export class ServerHost {
  readonly node: NodeNumber;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #sim: SimHub | null;
  /** What of the machine's surroundings works: for the processes to come, too. */
  readonly #states: HelperStates = { discovery: "fair", presence: "fair", rpc: "fair", queue: "fair" };
  #process: ServerProcess | null = null;
  #isToFreeze = false;
  readonly #leaving = new Set<ServerProcess>();

  /** @param sim what the nodes share; `null` for one server alone */
  constructor(world: World, plan: Plan, node: NodeNumber, sim: SimHub | null) {
    this.#world = world;
    this.#plan = plan;
    this.node = node;
    this.#sim = sim;
  }

  /** The process that serves; `null` while there is none. */
  get process(): ServerProcess | null {
    return this.#process;
  }

  /** Starts a process on the storage as it is now; harmless while one runs. */
  async start(): Promise<void> {
    if (this.#process !== null) return;
    const process = new ServerProcess(this.#world, this.#plan, { node: this.node, connect: this.#connect });
    this.#process = process;
    await process.start().catch((error) => {
      // Closed before it ran.
      if (this.#process === process) throw error;
    });
  }

  /** The wall clock of the machine jumps, and stays there for the processes to come. */
  jumpClock(ms: number): void {
    this.#process?.runtime.jumpClock(ms);
  }

  /** kill -9, also of a process that is leaving. */
  crash(): void {
    for (const process of this.#leaving) process.crash();
    this.#leaving.clear();
    if (this.#process === null) return;
    this.#process.crash();
    this.#process = null;
    this.#world.probes.hit("crash");
  }

  /** The process leaves in good order; nobody serves from now on. One that stands still cannot. */
  async drain(graceMs: number): Promise<void> {
    const process = this.#process;
    if (process === null || process.runtime.frozen) return;
    this.#process = null;
    this.#leaving.add(process);
    await process.drain(graceMs);
    this.#leaving.delete(process);
  }

  /** SIGSTOP, at once or in the middle of the next commit; never after {@link thaw}. */
  freeze(whenBusy: boolean): void {
    const tap = whenBusy ? this.#process?.helpers?.tap : undefined;
    this.#isToFreeze = true;
    if (tap === undefined) this.#freeze();
    else tap.beforeNextCommit = () => this.#world.time.after(0, () => this.#freeze());
  }

  #freeze(): void {
    if (!this.#isToFreeze || this.#process === null || this.#process.runtime.frozen) return;
    this.#process.freeze();
    this.#world.probes.hit("node_frozen");
  }

  /** SIGCONT; harmless where nothing stands still. */
  thaw(): void {
    this.#isToFreeze = false;
    if (this.#process?.runtime.frozen === true) this.#process.thaw();
  }

  /** What connects the machine with the others works so from now on. */
  setHelpers(part: HelperPart | "all", state: HelperState): void {
    const wasIsland = this.#isIsland;
    for (const each of part === "all" ? HELPER_PARTS : [part]) this.#states[each] = state;
    this.#process?.helpers?.apply();
    if (wasIsland !== this.#isIsland) {
      this.#world.history.record({ kind: wasIsland ? "reached" : "cut_off", node: this.node });
    }
  }

  get #isIsland(): boolean {
    return HELPER_PARTS.every((part) => this.#states[part] === "away");
  }

  #connect = (runtime: ServerProcess["runtime"]): NodeHelpers | null =>
    this.#sim === null
      ? null
      : new NodeHelpers(this.#sim, this.#world, { runtime, node: this.node, states: this.#states });
}
