import type { Cancel, Runtime } from "../../core/runtime.js";
import { SeededRandom } from "./random.js";

interface Event {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Lets every promise that can settle without time passing settle. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A clock that stands still until it is told to go, and a queue of what is due when. Events at one moment run in
 * the order they were asked for; between two of them all promises settle. So a run depends on nothing but its inputs.
 */
export class VirtualTime {
  #elapsed = 0;
  #order = 0;
  readonly #heap: Event[] = [];

  /** Milliseconds gone since the beginning. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** Runs `run` once, `delayMs` from now. */
  after(delayMs: number, run: () => void): Cancel {
    const event: Event = { at: this.#elapsed + Math.max(0, delayMs), order: this.#order++, run };
    this.#push(event);
    return () => {
      event.run = null;
    };
  }

  /** Lets `ms` pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await this.#run(end, () => false);
    this.#elapsed = end;
  }

  /** Lets time pass until `done()`; false when `maxMs` went by (or nothing is left to happen) before that. */
  async until(done: () => boolean, maxMs: number): Promise<boolean> {
    await settle();
    if (done()) return true;
    await this.#run(this.#elapsed + maxMs, done);
    return done();
  }

  async #run(end: number, done: () => boolean): Promise<void> {
    await settle();
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.at > end) return;
      this.#pop();
      if (next.run === null) continue;
      this.#elapsed = next.at;
      next.run();
      await settle();
      if (done()) return;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Event;
      if (!isBefore(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Event)) child++;
      const below = heap[child];
      if (below === undefined || !isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

/** A {@link Runtime} on virtual time, as one process sees it: it can be killed or stand still, and its wall clock can jump. */
export class VirtualRuntime implements Runtime {
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;
  readonly #held: (() => void)[] = [];
  #wallOffset: number;
  #dead = false;
  #frozen = false;

  /** @param wallStart wall clock at elapsed 0, ms since 1970 */
  constructor(time: VirtualTime, seed = 1, wallStart = 1_700_000_000_000) {
    this.#time = time;
    this.#random = new SeededRandom(seed);
    this.#wallOffset = wallStart;
  }

  /** True after {@link kill}. */
  get dead(): boolean {
    return this.#dead;
  }

  /** Like kill -9: nothing this process asked for happens any more. */
  kill(): void {
    this.#dead = true;
    this.#held.length = 0;
  }

  /** True between {@link freeze} and {@link thaw}. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /** Like SIGSTOP: the process stands still, while time goes on. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Like SIGCONT: what was due, or came, in the meantime happens now, in that order. */
  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    for (const run of this.#held.splice(0)) this.#time.after(0, () => this.inside(run));
  }

  /** Something reaches the process from outside: later while it stands still, never when it is dead. */
  inside(run: () => void): void {
    if (this.#dead) return;
    if (this.#frozen) this.#held.push(run);
    else run();
  }

  /** Moves the wall clock, forward or back; durations are unaffected. */
  jumpClock(ms: number): void {
    this.#wallOffset += ms;
  }

  now(): number {
    return Math.floor(this.#wallOffset + this.#time.elapsed);
  }

  elapsed(): number {
    return this.#time.elapsed;
  }

  setTimer(delayMs: number, run: () => void): Cancel {
    let isCancelled = false;
    const cancel = this.#time.after(delayMs, () =>
      this.inside(() => {
        if (!isCancelled) run();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  endOfTurn(run: () => void): void {
    this.setTimer(0, run);
  }

  randomBytes(length: number): Uint8Array {
    return this.#random.bytes(length);
  }

  random(): number {
    return this.#random.unit();
  }
}
