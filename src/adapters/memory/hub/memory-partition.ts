import type { Cancel } from "../../../core/runtime.js";
import type { QueueRecord } from "../../contracts/message-queue.js";
import type { HubTimers } from "./hub-timers.js";

/** Records in one stretch, at most. */
const MAX_STRETCH = 256;
/** A stretch that was rejected is brought again after so long, ms. */
const RETRY_MS = 200;

/** One stretch under way. Whoever takes it answers once; an answer that comes after the stretch was given to another is not heard. */
export interface Stretch {
  readonly partition: number;
  readonly records: readonly QueueRecord[];
  /** Everything was taken but the records at these places, which nobody can take. */
  done(dead: readonly number[]): void;
  /** Nothing counts as taken. */
  failed(): void;
}

/** One that takes. */
export interface Taker {
  take(stretch: Stretch): void;
}

interface Waiting {
  readonly record: QueueRecord;
  /** Not before, elapsed ms. */
  readonly dueAt: number;
}

/** A part of the queue: records in order, and one node that takes them, stretch by stretch. Unbounded. */
export class MemoryPartition {
  readonly #place: number;
  readonly #timers: HubTimers;
  readonly #bury: (record: QueueRecord) => void;
  readonly #waiting: Waiting[] = [];
  #taker: Taker | null = null;
  /** Who takes when the stretch under way has ended. */
  #next: Taker | null = null;
  /** Of the stretch under way, for telling its answer from an older one's; `null` when there is none. */
  #underWay: symbol | null = null;
  #cancel: Cancel | null = null;

  /** @param bury takes the dead letters */
  constructor(place: number, timers: HubTimers, bury: (record: QueueRecord) => void) {
    this.#place = place;
    this.#timers = timers;
    this.#bury = bury;
  }

  /** Records that wait or are in hand. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Brings the records to `taker` as soon as the stretch under way has ended. */
  assign(taker: Taker | null): void {
    this.#next = taker;
    this.#bring();
  }

  /** The stretch under way is in this one's hands. */
  isWith(taker: Taker): boolean {
    return this.#taker === taker && this.#underWay !== null;
  }

  /** Takes the stretch under way out of the hands of whoever has it, or of `taker` alone: it is brought again. */
  revoke(taker: Taker | null = this.#taker): void {
    if (this.#taker !== taker || this.#underWay === null) return;
    this.#underWay = null;
    this.#bring();
  }

  push(record: QueueRecord, delayMs: number): void {
    this.#waiting.push({ record, dueAt: this.#timers.elapsed() + delayMs });
    this.#bring();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting.length = 0;
    this.#underWay = null;
    this.#sleep(null);
  }

  #bring(): void {
    if (this.#underWay !== null) return;
    this.#sleep(null);
    this.#taker = this.#next;
    const [first] = this.#waiting;
    if (this.#taker === null || first === undefined) return;
    const waitMs = first.dueAt - this.#timers.elapsed();
    if (waitMs > 0) this.#sleep(waitMs);
    else this.#taker.take(this.#nextStretch());
  }

  #nextStretch(): Stretch {
    const now = this.#timers.elapsed();
    const later = this.#waiting.findIndex(({ dueAt }) => dueAt > now);
    const count = Math.min(MAX_STRETCH, later < 0 ? this.#waiting.length : later);
    const records = this.#waiting.slice(0, count).map(({ record }) => record);
    const turn = Symbol();
    this.#underWay = turn;
    return {
      partition: this.#place,
      records,
      done: (dead) => this.#end(turn, () => this.#finish(records, dead)),
      failed: () => this.#end(turn, () => this.#sleep(RETRY_MS)),
    };
  }

  #end(turn: symbol, apply: () => void): void {
    if (turn !== this.#underWay) return;
    this.#underWay = null;
    apply();
  }

  #finish(records: readonly QueueRecord[], dead: readonly number[]): void {
    this.#waiting.splice(0, records.length);
    for (const [place, record] of records.entries()) if (dead.includes(place)) this.#bury(record);
    this.#bring();
  }

  #sleep(delayMs: number | null): void {
    this.#cancel?.();
    this.#cancel = delayMs === null ? null : this.#timers.setTimer(delayMs, () => this.#bring());
  }
}
