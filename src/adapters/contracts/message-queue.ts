/**
 * A queue between accepting messages and storing them. It absorbs bursts; it is not trusted: it may lose, repeat, reorder
 * after a repeat, and be away, and the transaction of the storage makes up for all of it.
 * `src/testing/conformance/message-queue.ts` proves an adapter.
 */

import type { Lifecycle } from "./lifecycle.js";
import type { Condition } from "./nodes.js";

/** What travels: records with the same key keep their order. */
export interface QueueRecord {
  readonly key: string;
  readonly value: Uint8Array;
}

/** What a queue needs from the server. */
export interface MessageQueueHost {
  /**
   * Takes records of one stretch of the queue, in order; they count as done when this resolves. Those it names by their places in
   * `records` can never be taken: they go to the dead letters. When it rejects, the whole stretch is brought again, after a pause.
   */
  take(records: readonly QueueRecord[]): Promise<{ readonly dead: readonly number[] }>;
  onCondition(condition: Condition): void;
}

/** The queue of uplinks. Every node publishes and every node takes; a record is brought to one node, and again if that one ends. */
export interface MessageQueue extends Lifecycle {
  /** Before `start`. */
  bind(host: MessageQueueHost): void;
  /**
   * Connects, makes what is missing and begins to bring records. Resolves when that is done, or after 3 s when the broker cannot be
   * reached: then it goes on trying.
   * Errors: `operation_failed` for what no waiting changes.
   */
  start(): Promise<void>;
  /** Resolves when the broker has the records for good. Errors: `unavailable`: it may have them or not. */
  publish(records: readonly QueueRecord[]): Promise<void>;
  /** Brings no further records; the stretch under way is finished. */
  stopTaking(): Promise<void>;
}
