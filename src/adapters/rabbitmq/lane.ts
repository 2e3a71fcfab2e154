import type { ConsumeMessage } from "amqplib";
import type { MessageQueueHost } from "../contracts/message-queue.js";
import { recordIn } from "./letter.js";

/** A message, and how the broker is told that it and all before it are done. */
export interface Delivery {
  readonly message: ConsumeMessage;
  readonly done: () => void;
}

/** What a lane needs. */
export interface LaneServices {
  readonly take: MessageQueueHost["take"];
  /** Puts to the dead letters what can never be taken. Rejects when that is given up. */
  readonly bury: (messages: readonly ConsumeMessage[]) => Promise<void>;
}

/** Messages in one stretch, at most. */
const MAX_STRETCH = 256;
/** A stretch that was rejected is brought again after so long, ms. */
const RETRY_MS = 200;

/**
 * One queue on its way to the host: one stretch after the other. It outlives connections: while a stretch is in hand, nothing of the
 * queue is taken side by side with it, whatever the broker brings meanwhile. What waits is bounded by what the broker sends ahead.
 */
export class Lane {
  readonly #services: LaneServices;
  #waiting: Delivery[] = [];
  #isBusy = false;
  #isSettling = false;
  #isEnded = false;
  /** So many are brought again: what was rejected comes again as it was. */
  #again = 0;
  #wake: () => void = () => undefined;
  #watchers: (() => void)[] = [];

  constructor(services: LaneServices) {
    this.#services = services;
  }

  /** The broker has brought something, perhaps once more. */
  add(delivery: Delivery): void {
    if (this.#isEnded) return;
    this.#waiting.push(delivery);
    if (!this.#isBusy) void this.#run();
  }

  /** The connection is gone, and what waits with it: the broker brings it again, here or elsewhere. */
  clear(): void {
    this.#waiting = [];
    this.#again = 0;
    this.#wake();
  }

  /** Nothing further is taken here, for good. What is in hand ends as it ends. */
  end(): void {
    this.#isEnded = true;
    this.clear();
  }

  /** Resolves when nothing is in hand. */
  idle(): Promise<void> {
    return this.#until(() => !this.#isBusy);
  }

  /** Resolves when everything is settled that the host has taken. */
  settled(): Promise<void> {
    return this.#until(() => !this.#isSettling);
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    // What comes in one turn is taken together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const stretch = this.#waiting.slice(0, this.#again || MAX_STRETCH);
      if (await this.#take(stretch)) this.#drop(stretch);
      else await this.#pause(stretch.length);
    }
    this.#isBusy = false;
    this.#look();
  }

  async #take(stretch: readonly Delivery[]): Promise<boolean> {
    const messages = stretch.map(({ message }) => message);
    const found = messages.map(recordIn);
    const good = messages.filter((_, place) => found[place] !== null);
    const records = found.filter((record) => record !== null);
    try {
      const { dead } = records.length === 0 ? { dead: [] } : await this.#services.take(records);
      await this.#bury(messages.filter((message) => !good.includes(message) || dead.includes(good.indexOf(message))));
      return true;
    } catch {
      return false;
    }
  }

  async #bury(lost: readonly ConsumeMessage[]): Promise<void> {
    if (lost.length === 0) return;
    this.#isSettling = true;
    try {
      await this.#services.bury(lost);
    } finally {
      this.#isSettling = false;
    }
  }

  /** After a new connection the broker does not know those any more, and brings them again. */
  #drop(stretch: readonly Delivery[]): void {
    this.#again = 0;
    stretch.at(-1)?.done();
    if (this.#waiting[0] === stretch[0]) this.#waiting.splice(0, stretch.length);
    this.#look();
  }

  #pause(count: number): Promise<void> {
    this.#look();
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

  #look(): void {
    for (const look of this.#watchers.splice(0)) look();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }
}
