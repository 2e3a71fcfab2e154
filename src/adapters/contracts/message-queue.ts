/**
 * A queue between accepting messages and storing them. It absorbs bursts; it is not trusted: it may lose, repeat, reorder
 * after a repeat, and be away, and the transaction of the storage makes up for all of it.
 * `src/testing/conformance/message-queue.ts` proves an adapter.
 */

import type { Lifecycle } from "./lifecycle.js";
import type { Condition } from "./nodes.js";

/** What travels: records with the same key keep their order. */
export interface QueueRecord {
  /** 1–200 printable ASCII characters, spaces among them. */
  readonly key: string;
  /**
   * Up to 900,000 bytes, also none. What is handed out is a plain `Uint8Array` with memory of its own: no `Buffer`, whose `slice` does
   * not copy, and no view that keeps everything alive that was read with it.
   */
  readonly value: Uint8Array;
}

/** What a queue needs from the server. */
export interface MessageQueueHost {
  /**
   * Takes records of one stretch of the queue, in order, at most a few hundred; they count as done when this resolves. Those it names
   * by their places in `records` can never be taken: they go to the dead letters. When it rejects, the whole stretch is brought again,
   * after a pause. Several stretches may be under way at a node, but never two with one key.
   */
  take(records: readonly QueueRecord[]): Promise<{ readonly dead: readonly number[] }>;
  onCondition(condition: Condition): void;
}

/**
 * The queue of uplinks. Every node publishes and every node takes; a record is brought to one node, and to another if that one closes
 * with it in hand (at once) or ends without (within half a minute).
 */
export interface MessageQueue extends Lifecycle {
  /** Before `start`. Once started it throws: what runs keeps its host. */
  bind(host: MessageQueueHost): void;
  /**
   * Connects, makes what is missing and begins to bring records. Resolves when that is done, or after 3 s when the broker cannot be
   * reached: then it goes on trying. It may resolve as soon as records can be published while the broker still shares out the queue,
   * as it does for a while after a node has ended without a goodbye: nobody is kept from serving by that, and others take meanwhile.
   * Errors: `operation_failed` for what no waiting changes; then nothing runs, and it may be started again.
   */
  start(): Promise<void>;
  /**
   * Resolves when the broker has the records for good; none may be changed before. Any number: the adapter divides them as the broker
   * needs it. Calls made one after the other keep their order, also without waiting.
   * Errors: `unavailable`, within 5 s: it may have all, some or none of them.
   */
  publish(records: readonly QueueRecord[]): Promise<void>;
  /**
   * Brings no further records; resolves when the stretches under way have ended, well or not. Others take what comes; publishing
   * goes on. Never rejects.
   */
  stopTaking(): Promise<void>;
  /**
   * Takes and publishes nothing further. What the host has in hand is not waited for: it is brought to another. What the host has
   * named as dead is waited for up to 1 s, until it lies with the dead letters; later it is brought to another, who finds it dead again.
   */
  close(): Promise<void>;
}
