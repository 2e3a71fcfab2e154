import type { MessageQueue, QueueRecord } from "../../../adapters/contracts/message-queue.js";
import type { ConformanceClock } from "../cluster/clock.js";
import type { Reachable } from "../cluster/reachable.js";

/** What a fixture can do beyond making nodes; the cases that need it are registered for those that are listed. */
export type MessageQueueHarm = "cut" | "dead letters";

/** A queue of its own on a broker, empty, and a way to make nodes that use it. */
export interface MessageQueueFixture {
  /** Default: the system's time. */
  readonly clock?: ConformanceClock;
  /** A further node's queue. With `cut` and `heal` where the harm `cut` is listed. */
  join(): Promise<Reachable<MessageQueue>>;
  /** `dead letters`: what lies there, oldest first. */
  deadLetters?(): Promise<readonly QueueRecord[]>;
  /** Gives back what the fixture itself holds. Called after every queue was closed. */
  dispose(): Promise<void>;
}

/** Makes a new fixture for each case. */
export type MessageQueueFactory = () => Promise<MessageQueueFixture>;
