import type { MessageQueueHost } from "../contracts/message-queue.js";
import type { Claims } from "./assigner.js";
import type { Entry } from "./entry.js";
import { Lane, type LaneServices } from "./lane.js";

/** What lanes need. */
export type LanesServices = Omit<LaneServices, "partition" | "onIdle">;

/** The parts of the topic that are this node's. They outlive the sessions with the brokers as long as something of them is in hand. */
export class Lanes {
  readonly #services: LanesServices;
  readonly #lanes = new Map<number, Lane>();
  #owned: readonly number[] = [];
  #isRetiring = false;
  /** Whoever waits for something to be no longer in hand. */
  #waiters: (() => void)[] = [];

  constructor(services: LanesServices) {
    this.#services = services;
  }

  /** What this node says of itself when the parts are shared out. */
  get claims(): Claims {
    return { isRetiring: this.#isRetiring, held: this.#busy(), owned: this.#owned };
  }

  /** These parts are this node's from now on, and no others. */
  assign(partitions: readonly number[]): void {
    this.#owned = partitions;
    for (const [partition, lane] of this.#lanes) {
      if (partitions.includes(partition)) continue;
      lane.clear();
      if (!lane.isBusy) this.#lanes.delete(partition);
    }
  }

  /** The brokers have brought something. */
  add(partition: number, entries: readonly Entry[]): void {
    if (this.#isRetiring || !this.#owned.includes(partition)) return;
    const lane = this.#lanes.get(partition) ?? this.#newLane(partition);
    lane.add(entries);
  }

  /** Nothing further is taken. Resolves when nothing is in hand any more. */
  async retire(): Promise<void> {
    this.#end();
    await this.#until(() => this.#busy().length === 0);
  }

  /** Nothing further is taken. Resolves when everything is settled that the host has taken; what it has in hand is not waited for. */
  async settle(): Promise<void> {
    this.#end();
    await this.#until(() => ![...this.#lanes.values()].some(({ isSettling }) => isSettling));
  }

  #end(): void {
    this.#isRetiring = true;
    for (const lane of this.#lanes.values()) lane.end();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve);
      });
    }
  }

  #newLane(partition: number): Lane {
    const take: MessageQueueHost["take"] = (records) => this.#services.take(records);
    const lane = new Lane({ ...this.#services, take, partition, onIdle: () => this.#onLaneIdle(partition) });
    this.#lanes.set(partition, lane);
    return lane;
  }

  #onLaneIdle(partition: number): void {
    if (!this.#owned.includes(partition)) this.#lanes.delete(partition);
    for (const look of this.#waiters.splice(0)) look();
  }

  #busy(): number[] {
    return [...this.#lanes].filter(([, lane]) => lane.isBusy).map(([partition]) => partition);
  }
}
