import type { NodeInfo } from "../../../adapters/contracts/index.js";
import type { SeededRandom } from "../../fakes/random.js";
import type { SimHub } from "../cluster/sim-hub.js";
import type { NodeNumber } from "../history.js";
import type { Plan } from "../plan.js";
import type { World } from "../world.js";
import { ServerHost } from "./server-host.js";
import type { ServerProcess } from "./server-process.js";

/** So long a rolling restart waits before it goes on with the next machine, ms. */
const ROLL_PAUSE_MS = 1_000;

/** All machines that serve, and whoever has to choose one. */
export class Fleet {
  readonly hosts: readonly ServerHost[];
  readonly #world: World;
  readonly #random: SeededRandom;
  readonly #sim: SimHub | null;

  constructor(world: World, plan: Plan, { sim, random }: { sim: SimHub | null; random: SeededRandom }) {
    this.#world = world;
    this.#sim = sim;
    this.#random = random;
    const numbers = Array.from({ length: plan.cluster?.nodes ?? 1 }, (_, node) => node);
    this.hosts = numbers.map((node) => new ServerHost(world, plan, node, sim));
  }

  /** One process that serves, by chance; `null` when there is none. */
  get process(): ServerProcess | null {
    const serving = this.hosts.flatMap(({ process }) => (process === null || process.runtime.frozen ? [] : [process]));
    return serving.length < 2 ? (serving[0] ?? null) : this.#random.pick(serving);
  }

  /** One machine, or all of them. */
  chosen(node: NodeNumber | "all"): readonly ServerHost[] {
    return node === "all" ? this.hosts : this.hosts.filter((host) => host.node === node);
  }

  async start(node: NodeNumber | "all" = "all"): Promise<void> {
    await Promise.all(this.chosen(node).map((host) => host.start()));
  }

  async drain(graceMs: number, node: NodeNumber | "all" = "all"): Promise<void> {
    await Promise.all(this.chosen(node).map((host) => host.drain(graceMs)));
  }

  crash(node: NodeNumber | "all" = "all"): void {
    for (const host of this.chosen(node)) host.crash();
  }

  /**
   * A new version is rolled out: one machine after the other.
   * @param mayStart asked before each start; while it says no, nobody may serve
   */
  async roll(graceMs: number, mayStart: () => boolean): Promise<void> {
    this.#world.probes.hit("rolling_restart");
    for (const host of this.hosts) {
      await host.drain(graceMs);
      if (mayStart()) await host.start();
      await this.#world.pass(ROLL_PAUSE_MS);
    }
  }

  /** Two machines reach each other no more, or again. A process that starts later is not concerned. */
  setParted([a, b]: readonly [NodeNumber, NodeNumber], isParted: boolean): void {
    const [first, second] = [this.#idOf(a), this.#idOf(b)];
    if (isParted) this.#sim?.hub.part(first, second);
    else this.#sim?.hub.rejoin(first, second);
  }

  /** The registration of a node is lost. */
  expire(node: NodeNumber): void {
    this.#sim?.hub.expire(this.#idOf(node));
  }

  /** What is registered. */
  get registered(): readonly NodeInfo[] {
    return this.hosts.flatMap(({ process }) => process?.helpers?.tap.self ?? []);
  }

  #idOf(node: NodeNumber): string {
    return this.hosts[node]?.process?.helpers?.tap.id ?? "";
  }
}
