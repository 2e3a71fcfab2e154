import type { MessageQueue, NodeKey, Presence, QueueRecord } from "../../../adapters/contracts/index.js";
import { type MemoryHub, memoryHub } from "../../../adapters/memory/hub/memory-hub.js";
import type { QueueFate } from "../../../adapters/memory/hub/queue-fate.js";
import type { UserId } from "../../../core/model.js";
import type { SeededRandom } from "../../fakes/random.js";
import { VirtualServerRuntime } from "../../fakes/virtual-server-runtime.js";
import type { ClusterPlan } from "../plan.js";
import type { World } from "../world.js";
import { RecordsInHand } from "./records-in-hand.js";

/** A wrong route names a connection that no node has, older than all: nobody's session is ended by mistake. */
const NO_SUCH_CONNECTION = 0;
/** Random bytes of this length are never an uplink. */
const LITTER_BYTES = 40;

/** What all nodes of a schedule share besides the storage: the memory hub on virtual time, and how it is harmed. */
export class SimHub {
  readonly hub: MemoryHub;
  readonly plan: ClusterPlan;
  readonly inHand = new RecordsInHand();
  readonly #random: SeededRandom;
  readonly #mischief: Presence;
  readonly #litterer: MessageQueue;

  constructor({ time }: World, plan: ClusterPlan, random: SeededRandom) {
    this.plan = plan;
    this.#random = random;
    const runtime = new VirtualServerRuntime(time, random.uint32());
    this.hub = memoryHub({ runtime, latencyMs: () => this.#drawMs() });
    this.#mischief = this.hub.presence();
    this.#litterer = this.hub.queue();
  }

  async start(): Promise<void> {
    this.#mischief.bind({ onCondition: () => undefined });
    await this.#mischief.start();
    this.#litterer.bind({ take: async () => ({ dead: [] }), onCondition: () => undefined });
    // It takes nothing: then a start does not join.
    await this.#litterer.stopTaking();
    await this.#litterer.start();
  }

  /** A way to the hub. @param isSlow asked each time: it takes longer than anybody waits */
  link(isSlow: () => boolean): ReturnType<MemoryHub["link"]> {
    return this.hub.link(() => (isSlow() ? this.#random.between(600, 1_500) : this.#drawMs()));
  }

  /** Whether the queue does what a queue may, or what it should. */
  setQueue(isHarmful: boolean): void {
    this.hub.harmQueue(() => (isHarmful ? this.#drawFate() : "bring"));
  }

  /** Every route of these users leads to a node where they are not. */
  async misroute(userIds: readonly UserId[], nodes: readonly NodeKey[]): Promise<void> {
    const routes = [...(await this.#mischief.locate(userIds)).values()].flat();
    const wrong = routes.map((route) => {
      const others = nodes.filter(({ id }) => id !== route.node.id);
      const node = others.length === 0 ? route.node : this.#random.pick(others);
      return { ...route, node, connection: NO_SUCH_CONNECTION };
    });
    await this.#mischief.release(routes);
    await this.#mischief.renew(wrong);
  }

  /** Records come into the queue that are no uplinks. */
  async litter(count: number): Promise<void> {
    const records = Array.from({ length: count }, (): QueueRecord => {
      return { key: `litter ${this.#random.between(0, 99)}`, value: this.#random.bytes(LITTER_BYTES) };
    });
    await this.#litterer.publish(records);
  }

  async close(): Promise<void> {
    await this.#mischief.close();
    await this.#litterer.close();
  }

  #drawMs(): number {
    return this.#random.between(0, this.plan.latencyMs);
  }

  #drawFate(): QueueFate {
    const { lost, repeated, delayed, delayMs } = this.plan.queue;
    const draw = this.#random.unit();
    if (draw < lost) return "lose";
    if (draw < lost + repeated) return "repeat";
    return draw < lost + repeated + delayed ? { delayMs } : "bring";
  }
}
