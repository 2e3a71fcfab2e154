import type { ClientFrame } from "../../core/frames.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { UplinkGate } from "./uplink-gate.js";

/**
 * Frames a lane holds at most. One read of the system (64 KiB) can bring some hundred small frames after the socket was
 * paused; more than this is a flood.
 */
const MAX_WAITING = 2_048;
/** With more than this waiting the socket is not read. */
const PAUSE_ABOVE = 64;

/** What a lane needs from its connection. */
export interface LaneOwner {
  /** Carries out one command; the next one begins when it returns (or its promise settles). Never throws or rejects. */
  carryOut(frame: ClientFrame): void | Promise<void>;
  /** The client takes its answers; with false nothing begins until {@link Lane.run}. */
  hasRoom(): boolean;
  /** The socket is to be read, or not. */
  setReading(reading: boolean): void;
}

/**
 * One command at a time, in the order of arrival. Uplinks wait here for window and rate, every command for a client that
 * does not take its answers; while they do, and while much is waiting, the socket is not read, so that the client feels it.
 */
export class Lane {
  readonly #owner: LaneOwner;
  readonly #gate: UplinkGate;
  readonly #runtime: Runtime;
  #frames: ClientFrame[] = [];
  /** Frames before this index are done. */
  #next = 0;
  #busy = false;
  #closed = false;
  #cancelWait: Cancel | null = null;

  constructor(owner: LaneOwner, gate: UplinkGate, runtime: Runtime) {
    this.#owner = owner;
    this.#gate = gate;
    this.#runtime = runtime;
  }

  /** Nothing waits and nothing is being carried out. */
  get isIdle(): boolean {
    return !this.#busy && this.#next >= this.#frames.length;
  }

  /** Takes a frame; false when the lane is full. */
  push(frame: ClientFrame): boolean {
    if (this.#frames.length - this.#next >= MAX_WAITING) return false;
    this.#frames.push(frame);
    this.run();
    return true;
  }

  /** Goes on if it can: to be called when an uplink has its answer, and when the client took something. */
  run(): void {
    let blocked = false;
    while (!this.#closed && !this.#busy && !blocked) {
      const frame = this.#frames[this.#next];
      if (frame === undefined) break;
      blocked = this.#mustWait(frame);
      if (!blocked) this.#begin(frame);
    }
    this.#compact();
    if (!this.#closed) this.#owner.setReading(!blocked && this.#frames.length - this.#next <= PAUSE_ABOVE);
  }

  /** Forgets what waits. */
  close(): void {
    this.#closed = true;
    this.#cancelWait?.();
    this.#frames = [];
    this.#next = 0;
  }

  #mustWait(frame: ClientFrame): boolean {
    if (!this.#owner.hasRoom()) return true;
    if (frame.kind !== "uplink") return false;
    const now = this.#runtime.elapsed();
    const waitMs = this.#gate.waitMs(now);
    if (waitMs === 0) {
      this.#gate.pass(now);
      return false;
    }
    this.#cancelWait?.();
    this.#cancelWait = Number.isFinite(waitMs) ? this.#runtime.setTimer(waitMs, () => this.run()) : null;
    return true;
  }

  #begin(frame: ClientFrame): void {
    this.#next++;
    const work = this.#owner.carryOut(frame);
    if (work === undefined) return;
    this.#busy = true;
    void work.then(() => {
      this.#busy = false;
      this.run();
    });
  }

  #compact(): void {
    if (this.#next < this.#frames.length && this.#next < 64) return;
    this.#frames = this.#frames.slice(this.#next);
    this.#next = 0;
  }
}
