import type { Uplink } from "../../adapters/contracts/index.js";
import { hashText } from "../../core/hash-text.js";
import { conversationKey } from "../../core/model.js";
import { CommitLane, type CommitLaneServices, type Decision } from "./commit-lane.js";

/** Where an uplink is brought to be decided. */
export interface Uplinks {
  /** Resolves when the storage has decided, or with `busy` when it could not. Never rejects. */
  submit(uplink: Uplink): Promise<Decision>;
}

/**
 * Takes uplinks from everywhere in the process and brings them to the storage. Uplinks of one conversation share a lane,
 * so they commit in the order they came.
 */
export class Committer implements Uplinks {
  readonly #lanes: readonly CommitLane[];
  readonly #maxQueuedBytes: number;

  /** @param maxQueuedBytes how much may wait; beyond it uplinks are answered `busy` */
  constructor(services: CommitLaneServices, maxQueuedBytes: number) {
    this.#lanes = Array.from({ length: Math.max(1, services.limits.parallel) }, () => new CommitLane(services));
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  /** Nothing is queued or under way. */
  get isIdle(): boolean {
    return this.#lanes.every((lane) => lane.isIdle);
  }

  /** The end: what waits is decided `busy` (unknown, to be repeated elsewhere), no timer is left. */
  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  /** Resolves when the storage has decided, or with `busy` when it could not. Never rejects. */
  submit(uplink: Uplink): Promise<Decision> {
    const lane = this.#laneOf(uplink);
    if (lane.queuedBytes > this.#maxQueuedBytes / this.#lanes.length) return Promise.resolve({ outcome: "busy" });
    return new Promise((decide) => lane.push({ uplink, decide }));
  }

  #laneOf(uplink: Uplink): CommitLane {
    const index = this.#lanes.length === 1 ? 0 : hashText(conversationKey(uplink.senderId, uplink.target));
    return this.#lanes[index % this.#lanes.length] as CommitLane;
  }
}
