import type { MessageQueue, NodeId, QueueRecord, Uplink } from "../../adapters/contracts/index.js";
import { type ConversationKey, conversationKey } from "../../core/model.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { Gate } from "../cluster/gate.js";
import type { PendingOutcomes } from "../cluster/pending-outcomes.js";
import { type Decision, weightOf } from "./commit-lane.js";
import type { Uplinks } from "./committer.js";
import { Detour } from "./detour.js";
import { decodeQueuedUplink, encodeQueuedUplink, type QueuedUplink } from "./uplink-codec.js";

/** No outcome after so long: the node that accepted the uplink commits it itself, ms. The queued copy becomes a repeat. */
const OUTCOME_WITHIN_MS = 1_000;
/** Records in one publication. */
const MAX_BATCH = 500;

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
  /** Beyond it nothing more waits for the queue: the committer takes the uplink, or answers `busy`. As `Limits.maxQueuedBytes`. */
  readonly maxQueuedBytes: number;
}

/** An uplink that waits for its outcome. */
interface Waiting {
  readonly uplink: Uplink;
  readonly conversation: ConversationKey;
  /** Its outcome is no longer waited for. */
  readonly commitHere: () => void;
}

/**
 * The way of an uplink through a queue: published here, taken by any node, its outcome told to this one. The queue is never in the
 * way: what it does not bring in time is committed here, and the copy that comes later changes nothing. Whatever of a conversation
 * goes past the queue takes with it what still waits of that conversation: what was accepted first is committed first, and nothing is
 * turned back because its predecessor is still in the queue.
 */
export class UplinkQueue implements Uplinks {
  readonly #services: UplinkQueueServices;
  readonly #detour: Detour;
  /** To be published. */
  readonly #waiting = new Set<Waiting>();
  #isPublishing = false;
  /** What has no outcome yet, in the order it was accepted. */
  readonly #pending = new Map<ConversationKey, Set<Waiting>>();
  /** What has no outcome yet, bytes. */
  #pendingBytes = 0;

  constructor(services: UplinkQueueServices) {
    this.#services = services;
    this.#detour = new Detour(services.runtime);
  }

  /** Nothing waits for the queue or for an outcome. */
  get isIdle(): boolean {
    return !this.#isPublishing && this.#waiting.size === 0 && this.#services.outcomes.size === 0;
  }

  /** As `Uplinks.submit`. */
  submit(uplink: Uplink): Promise<Decision> {
    const { committer, isUp, maxQueuedBytes } = this.#services;
    const conversation = conversationKey(uplink.senderId, uplink.target);
    if (isUp() && !this.#detour.isTaken(conversation)) {
      if (this.#pendingBytes <= maxQueuedBytes) return this.#throughQueue(uplink, conversation);
      this.#detour.noRoom(conversation);
    }
    this.#commitPending(conversation);
    return committer.submit(uplink);
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

  #throughQueue(uplink: Uplink, conversation: ConversationKey): Promise<Decision> {
    const { outcomes, committer, runtime } = this.#services;
    return new Promise((resolve) => {
      let cancel: Cancel = () => {};
      const end = (): void => {
        cancel();
        stop();
        this.#settled(waiting);
      };
      const stop = outcomes.wait(uplink.messageId, ({ syncEpoch, outcome }) => {
        end();
        this.#detour.inTime();
        resolve({ syncEpoch, outcome });
      });
      const commitHere = (): void => {
        end();
        committer.submit(uplink).then(resolve);
      };
      const waiting: Waiting = { uplink, conversation, commitHere };
      cancel = runtime.setTimer(OUTCOME_WITHIN_MS, () => {
        this.#detour.late(conversation);
        this.#commitPending(conversation);
      });
      this.#enter(waiting);
      if (!this.#isPublishing) this.#publishSoon();
    });
  }

  #enter(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#pendingBytes += weightOf(waiting);
    const pending = this.#pending.get(waiting.conversation);
    if (pending === undefined) this.#pending.set(waiting.conversation, new Set([waiting]));
    else pending.add(waiting);
  }

  #settled(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    this.#pendingBytes -= weightOf(waiting);
    const pending = this.#pending.get(waiting.conversation);
    pending?.delete(waiting);
    if (pending?.size === 0) this.#pending.delete(waiting.conversation);
  }

  #commitPending(conversation: ConversationKey): void {
    for (const { commitHere } of [...(this.#pending.get(conversation) ?? [])]) commitHere();
  }

  /** What comes in one turn is published together; what comes meanwhile is the next publication. */
  #publishSoon(): void {
    this.#isPublishing = true;
    this.#services.runtime.endOfTurn(() => void this.#publishAll());
  }

  async #publishAll(): Promise<void> {
    while (this.#waiting.size > 0) await this.#publish(this.#takeBatch());
    this.#isPublishing = false;
  }

  #takeBatch(): Waiting[] {
    const batch: Waiting[] = [];
    for (const waiting of this.#waiting) {
      if (batch.length === MAX_BATCH) break;
      this.#waiting.delete(waiting);
      batch.push(waiting);
    }
    return batch;
  }

  async #publish(batch: readonly Waiting[]): Promise<void> {
    const { queue, id } = this.#services;
    try {
      await queue.publish(batch.map(({ uplink }) => recordOf(id, uplink)));
    } catch {
      for (const { conversation } of batch) this.#commitPending(conversation);
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
