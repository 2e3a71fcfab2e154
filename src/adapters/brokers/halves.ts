import type { MessageQueueHost, QueueRecord } from "../contracts/message-queue.js";

/** What was opened with a broker. */
export interface Session {
  /** Resolves with what has gone wrong. */
  readonly broken: Promise<unknown>;
  /** Says goodbye. May take its time: it is not waited for longer than a goodbye may take. */
  close(): Promise<void>;
}

/** Tells that a session that goes on works badly; `null` when it works again. */
export type Trouble = (reason: string | null) => void;

/** One half of a queue: it opens one session at a time. */
export interface Half {
  /** Opens a session. Everything that it waits for, and every connection, ends when `signal` is aborted. */
  open(signal: AbortSignal, onTrouble: Trouble): Promise<Session>;
}

/** The half that brings records to the broker. */
export interface PublishingHalf extends Half {
  /** As `MessageQueue.publish`. */
  publish(records: readonly QueueRecord[]): Promise<void>;
  /** Gives up everything that waits, for good. */
  close(): void;
}

/** The half that takes them. */
export interface TakingHalf extends Half {
  /** Takes nothing further, for good. Resolves when everything the host has taken is settled; what it has in hand is not waited for. */
  settle(): Promise<void>;
  /** Takes nothing further, for good. Resolves when nothing is in hand any more, and the broker knows. */
  retire(): Promise<void>;
}

/** A queue, ready to be started. */
export interface Halves {
  readonly publishing: PublishingHalf;
  readonly taking: TakingHalf;
}

/** What the half that takes gets from the queue. */
export interface TakingServices {
  readonly take: MessageQueueHost["take"];
  /** Tries something again until it goes well. Rejects when the queue is closed. */
  insist(attempt: () => Promise<void>): Promise<void>;
}

/** Knows a kind of broker. */
export interface BrokerKind {
  /** How errors name the queue, for example `kafkaQueue`. */
  readonly name: string;
  /** Gets ready without speaking to anybody. Errors: `operation_failed` for a package that is missing. */
  prepare(): Promise<(services: TakingServices) => Halves>;
  /** Whether somebody has to do something before it can go well. */
  isHopeless(error: unknown): boolean;
  /** What is wrong, in one line, without secrets. */
  reasonOf(error: unknown): string;
}
