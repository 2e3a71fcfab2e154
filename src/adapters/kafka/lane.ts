import type { MessageQueueHost } from "../contracts/message-queue.js";
import type { Entry } from "./entry.js";

/** Messages in one stretch, at most. */
const MAX_STRETCH = 256;
/** A stretch that was rejected is brought again after so long, ms. */
const RETRY_MS = 200;
/** More than so much waits: nothing further is fetched until half of it is gone. */
const MAX_WAITING = 2_000;
const MAX_WAITING_BYTES = 2 * 1024 * 1024;

/** What a lane needs. */
export interface LaneServices {
  readonly partition: number;
  readonly take: MessageQueueHost["take"];
  /** Puts to the dead letters what can never be taken. Resolves when that is done, or is given up with the lane. */
  bury(partition: number, entries: readonly Entry[]): Promise<void>;
  /** Everything below `offset` is done. */
  onDone(partition: number, offset: bigint): void;
  /** Too much waits, or no longer. */
  onPressure(partition: number, isHigh: boolean): void;
  /** Nothing is in hand any more. */
  onIdle(partition: number): void;
}

/**
 * One part of the topic on its way to the host: one stretch after the other. It outlives the sessions with the brokers: while a stretch
 * is in hand, nothing of the part is taken side by side with it, whatever the brokers bring meanwhile.
 */
export class Lane {
  readonly #services: LaneServices;
  #waiting: Entry[] = [];
  #waitingBytes = 0;
  /** Everything below it was taken here. */
  #done = -1n;
  #isBusy = false;
  #isSettling = false;
  #isHigh = false;
  #isEnded = false;
  /** So many are brought again: what was rejected comes again as it was. */
  #again = 0;
  #wake: () => void = () => undefined;

  constructor(services: LaneServices) {
    this.#services = services;
  }

  /** A stretch is in hand. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** The host has taken a stretch, and what it could not take is on its way to the dead letters. */
  get isSettling(): boolean {
    return this.#isSettling;
  }

  /** The brokers have brought something, perhaps once more. */
  add(entries: readonly Entry[]): void {
    if (this.#isEnded) return;
    const last = this.#waiting.at(-1)?.offset ?? this.#done - 1n;
    for (const entry of entries) if (entry.offset > last && entry.offset >= this.#done) this.#push(entry);
    this.#press();
    if (!this.#isBusy) void this.#run();
  }

  /** What waits is given up: the brokers bring it again, here or elsewhere. */
  clear(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#again = 0;
    this.#press();
    this.#wake();
  }

  /** Nothing further is taken here, for good. What is in hand ends as it ends. */
  end(): void {
    this.#isEnded = true;
    this.clear();
  }

  #push(entry: Entry): void {
    this.#waiting.push(entry);
    this.#waitingBytes += entry.bytes;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const stretch = this.#waiting.slice(0, this.#again || MAX_STRETCH);
      if (!(await this.#take(stretch))) await this.#pause(stretch.length);
    }
    this.#isBusy = false;
    this.#services.onIdle(this.#services.partition);
  }

  async #take(stretch: readonly Entry[]): Promise<boolean> {
    const { partition, take, onDone } = this.#services;
    const good = stretch.filter(({ record }) => record !== null);
    const records = good.flatMap(({ record }) => (record === null ? [] : [record]));
    try {
      const { dead } = records.length === 0 ? { dead: [] } : await take(records);
      await this.#bury(stretch.filter((entry) => entry.record === null || dead.includes(good.indexOf(entry))));
    } catch {
      return false;
    }
    this.#done = (stretch.at(-1)?.offset ?? 0n) + 1n;
    this.#drop();
    onDone(partition, this.#done);
    return true;
  }

  async #bury(lost: readonly Entry[]): Promise<void> {
    if (lost.length === 0) return;
    this.#isSettling = true;
    try {
      await this.#services.bury(this.#services.partition, lost);
    } finally {
      this.#isSettling = false;
    }
  }

  /** Leaves out what is done; after a new session more of it may have come. */
  #drop(): void {
    this.#again = 0;
    const first = this.#waiting.findIndex(({ offset }) => offset >= this.#done);
    const gone = this.#waiting.splice(0, first < 0 ? this.#waiting.length : first);
    for (const { bytes } of gone) this.#waitingBytes -= bytes;
    this.#press();
  }

  #pause(count: number): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    this.#again = count;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake(), RETRY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #press(): void {
    const part = Math.max(this.#waiting.length / MAX_WAITING, this.#waitingBytes / MAX_WAITING_BYTES);
    const isHigh = part > 1 || (this.#isHigh && part > 0.5);
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#services.onPressure(this.#services.partition, isHigh);
  }
}
