import type { MessageQueue, NodeId, QueueRecord, Uplink } from "../../adapters/contracts/index.js";
import { conversationKey } from "../../core/model.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { Gate } from "../cluster/gate.js";
import type { PendingOutcomes } from "../cluster/pending-outcomes.js";
import type { Decision } from "./commit-lane.js";
import type { Uplinks } from "./committer.js";
import { decodeQueuedUplink, encodeQueuedUplink, type QueuedUplink } from "./uplink-codec.js";

/** No outcome after so long: the node that accepted the uplink commits it itself, ms. The queued copy becomes a repeat. */
const OUTCOME_WITHIN_MS = 1_000;
/** Records in one publication. */
const MAX_BATCH = 500;
/** So many outcomes in a row that did not come: the queue is passed by for a while. */
const MAX_LATE = 32;
/** How long it is passed by, ms. */
const PASS_BY_MS = 5_000;

/** What the way through the queue needs. */
export interface UplinkQueueServices {
  readonly id: NodeId;
  readonly queue: Pick<MessageQueue, "publish">;
  readonly committer: Uplinks;
  readonly outcomes: PendingOutcomes;
  readonly gate: Pick<Gate, "outcome">;
  readonly runtime: Runtime;
  /** The queue is up. */
  readonly isUp: () => boolean;
}

interface Waiting {
  readonly uplink: Uplink;
  /** It was committed here meanwhile. */
  isOver: boolean;
  /** The queue does not have it. */
  readonly fail: () => void;
}

/**
 * The way of an uplink through a queue: published here, taken by any node, its outcome told to this one. The queue is never in the
 * way: what it does not bring in time is committed here, and the copy that comes later changes nothing.
 */
export class UplinkQueue implements Uplinks {
  readonly #services: UplinkQueueServices;
  #waiting: Waiting[] = [];
  #isPublishing = false;
  #lateInARow = 0;
  /** Until then the queue is passed by, elapsed ms. */
  #passedByUntil = 0;

  constructor(services: UplinkQueueServices) {
    this.#services = services;
  }

  /** Nothing waits for the queue or for an outcome. */
  get isIdle(): boolean {
    return !this.#isPublishing && this.#waiting.length === 0 && this.#services.outcomes.size === 0;
  }

  /** As `Uplinks.submit`. */
  submit(uplink: Uplink): Promise<Decision> {
    const { committer, runtime, isUp } = this.#services;
    if (!isUp() || runtime.elapsed() < this.#passedByUntil) return committer.submit(uplink);
    return this.#throughQueue(uplink);
  }

  /** Records have come; see `MessageQueueHost.take`. Rejects while the storage cannot decide. */
  async take(records: readonly QueueRecord[]): Promise<{ readonly dead: readonly number[] }> {
    const dead: number[] = [];
    const queued: QueuedUplink[] = [];
    for (const [place, { value }] of records.entries()) {
      const one = parse(value);
      if (one === null) dead.push(place);
      else queued.push(one);
    }
    await this.#decideAll(queued);
    return { dead };
  }

  /** A stretch may be more than may wait for the storage: what finds no room comes again, as long as others are decided. */
  async #decideAll(queued: readonly QueuedUplink[]): Promise<void> {
    let rest = queued;
    while (rest.length > 0) {
      const decided = await Promise.all(rest.map((one) => this.#decide(one)));
      const left = rest.filter((_, place) => !decided[place]);
      if (left.length === rest.length) throw new Error("the storage cannot decide just now");
      rest = left;
    }
  }

  #throughQueue(uplink: Uplink): Promise<Decision> {
    const { outcomes, committer, runtime } = this.#services;
    return new Promise((resolve) => {
      let cancel: Cancel = () => {};
      const stop = outcomes.wait(uplink.messageId, ({ syncEpoch, outcome }) => {
        cancel();
        waiting.isOver = true;
        this.#lateInARow = 0;
        resolve({ syncEpoch, outcome });
      });
      const commitHere = (): void => {
        if (waiting.isOver) return;
        waiting.isOver = true;
        cancel();
        stop();
        committer.submit(uplink).then(resolve);
      };
      const waiting: Waiting = { uplink, isOver: false, fail: commitHere };
      cancel = runtime.setTimer(OUTCOME_WITHIN_MS, () => {
        this.#isLate();
        commitHere();
      });
      this.#waiting.push(waiting);
      if (!this.#isPublishing) this.#publishSoon();
    });
  }

  #isLate(): void {
    if (++this.#lateInARow < MAX_LATE) return;
    this.#lateInARow = 0;
    this.#passedByUntil = this.#services.runtime.elapsed() + PASS_BY_MS;
  }

  /** What comes in one turn is published together; what comes meanwhile is the next publication. */
  #publishSoon(): void {
    this.#isPublishing = true;
    this.#services.runtime.endOfTurn(() => void this.#publishAll());
  }

  async #publishAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH).filter(({ isOver }) => !isOver);
      if (batch.length > 0) await this.#publish(batch);
    }
    this.#isPublishing = false;
  }

  async #publish(batch: readonly Waiting[]): Promise<void> {
    const { queue, id } = this.#services;
    try {
      await queue.publish(batch.map(({ uplink }) => recordOf(id, uplink)));
    } catch {
      for (const { fail } of batch) fail();
    }
  }

  /** False when the storage could not decide. */
  async #decide({ origin, uplink }: QueuedUplink): Promise<boolean> {
    const { id, committer, outcomes, gate } = this.#services;
    const decision = await committer.submit(uplink);
    if (decision.outcome === "busy") return false;
    const { syncEpoch, outcome } = decision;
    const notice = { messageId: uplink.messageId, syncEpoch, outcome };
    if (origin === id) outcomes.settle(notice);
    else gate.outcome(origin, notice);
    return true;
  }
}

function recordOf(origin: NodeId, uplink: Uplink): QueueRecord {
  const key = conversationKey(uplink.senderId, uplink.target);
  return { key, value: encodeQueuedUplink({ origin, uplink }) };
}

function parse(value: Uint8Array): QueuedUplink | null {
  try {
    return decodeQueuedUplink(value);
  } catch {
    return null;
  }
}
