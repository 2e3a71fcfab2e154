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
  /** What is still open; empty at rest. */
  problems(): readonly Problem[];
  /** The application ends in good order. */
  close(): Promise<void>;
}
