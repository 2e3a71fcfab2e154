import type { MessageQueue, MessageQueueHost, QueueRecord } from "../../../adapters/contracts/message-queue.js";
import type { Condition } from "../../../adapters/contracts/nodes.js";
import { cutOff, healed, type Reachable } from "../cluster/reachable.js";

/** How a node takes a stretch. */
export type Taking = MessageQueueHost["take"];

/** Takes everything. */
export const takeAll: Taking = async () => ({ dead: [] });

/** Takes nothing and never says so. */
export const hang: Taking = () => new Promise(() => undefined);

/** Rejects, as a node does whose storage is away. */
export const refuse: Taking = async () => {
  throw new Error("the storage is away");
};

/** A node that writes down every stretch it is brought. */
export class RecordedTaker implements MessageQueueHost {
  readonly queue: MessageQueue;
  /** Every stretch, in the order of coming; copies. */
  readonly stretches: (readonly QueueRecord[])[] = [];
  readonly conditions: Condition[] = [];
  /** What was told after `close` had resolved: nothing. */
  readonly late: string[] = [];
  /** Keys that were brought while a stretch with the same key was under way here: none. */
  readonly doubled: string[] = [];
  taking: Taking = takeAll;
  readonly #node: Reachable<MessageQueue>;
  readonly #onRecord: (record: QueueRecord) => void;
  readonly #keysUnderWay = new Set<string>();
  #isClosed = false;

  /** @param onRecord told of every record when it is brought */
  constructor(node: Reachable<MessageQueue>, onRecord: (record: QueueRecord) => void) {
    this.#node = node;
    this.#onRecord = onRecord;
    this.queue = node.adapter;
    this.queue.bind(this);
  }

  /** Every record it was brought, repetitions too. */
  get records(): readonly QueueRecord[] {
    return this.stretches.flat();
  }

  get state(): Condition["state"] | undefined {
    return this.conditions.at(-1)?.state;
  }

  async take(records: readonly QueueRecord[]): Promise<{ readonly dead: readonly number[] }> {
    if (this.#isClosed) this.late.push("take");
    const copies = records.map(({ key, value }) => ({ key, value: value.slice() }));
    this.stretches.push(copies);
    copies.forEach(this.#onRecord);
    const keys = new Set(copies.map(({ key }) => key));
    for (const key of keys) if (this.#keysUnderWay.has(key)) this.doubled.push(key);
    for (const key of keys) this.#keysUnderWay.add(key);
    try {
      return await this.taking(records);
    } finally {
      for (const key of keys) this.#keysUnderWay.delete(key);
    }
  }

  onCondition(condition: Condition): void {
    if (this.#isClosed) this.late.push("onCondition");
    this.conditions.push(condition);
  }

  cut(): Promise<void> {
    return cutOff(this.#node);
  }

  heal(): Promise<void> {
    return healed(this.#node);
  }

  async close(): Promise<void> {
    await this.queue.close();
    this.#isClosed = true;
  }
}
