import type { Target, UserId } from "../../../core/model.js";
import type { DeviceId, Problem } from "../history.js";

/** Somebody's client, whatever it speaks. */
export interface Device {
  readonly id: DeviceId;
  readonly userId: UserId;
  /** Starts the application; harmless while it runs. */
  start(): void;
  /** The application dies; `start` begins a new one on the same store. Ignored where that makes no sense. */
  kill(): void;
  /** Submits a message. Ignored while the application is dead. */
  send(target: Target, words: string): void;
  /** The wall clock of the device jumps. */
  jumpClock(ms: number): void;
  /** No fault comes any more: from now on the device does what a person in front of it would do. */
  heal(): void;
  /** Another device of the user took its place, or keeps it out, as the rules say; until somebody starts it again. */
  readonly isSidelined: boolean;
  /** What is still open; empty at rest. */
  problems(): readonly Problem[];
  /** Somebody puts the device away: its application ends in good order, and may be started again. */
  leave(): Promise<void>;
  /** The application ends in good order, for good. */
  close(): Promise<void>;
}
