import type { Target, UserId } from "../../../src/core/model.js";
import type { DeviceId, Problem } from "../../../src/testing/simulation/history.js";

/** Somebody's client, whatever it speaks. */
export interface Seat {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly isLegacy: boolean;
  /** Its messages that have no outcome yet. */
  readonly waiting: number;
  /** Another device of the user took its place, or keeps it out, as the rules say; until somebody starts it again. */
  readonly isSidelined: boolean;
  /** Starts the application; harmless while it runs. */
  start(): void;
  /** The application dies; `start` begins a new one on the same store. Ignored where that proves nothing. */
  kill(): void;
  /** Submits a message. Ignored while the application is dead. */
  send(target: Target, words: string): void;
  /** No fault comes any more: from now on the device does what a person in front of it would do. */
  heal(): void;
  /** What is still open, given what is in the user's inbox; empty at rest. */
  problems(inbox: InboxView): readonly Problem[];
  /** The application ends in good order, for good. */
  close(): Promise<void>;
}

/** What an inbox looks like from outside. */
export interface InboxView {
  readonly epoch: string;
  readonly head: number;
  /** Where the newest item stands that somebody else wrote. */
  readonly lastReceived: number;
}
