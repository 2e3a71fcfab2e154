import type { Socket } from "node:net";
import type { Cancel } from "../../../src/core/runtime.js";
import type { LineClock } from "./line-clock.js";
import { resetSocket } from "./reset-socket.js";
import { isLost, type Way, type Weather } from "./weather.js";

/** Held for one way of one connection; beyond it the sender is no longer read. One piece that came in may go over it. */
export const MAX_HELD_BYTES = 65_536;
/** A slow line moves this much of a second's bytes at a time. */
const PACE_SHARE = 1 / 50;

/** What a lane needs of a socket. */
export type LaneEnd = Pick<
  Socket,
  | "on"
  | "pause"
  | "resume"
  | "write"
  | "end"
  | "destroyed"
  | "destroy"
  | "resetAndDestroy"
  | "writableEnded"
  | "writableFinished"
>;

/** Bytes on their way, or (`null`) the word that no more follow. */
interface Held {
  readonly bytes: Buffer | null;
  readonly dueAt: number;
}

/** One way of one connection: what comes out of one end goes into the other, in its order, as the weather has it. */
export class Lane {
  readonly #way: Way;
  readonly #from: LaneEnd;
  readonly #to: LaneEnd;
  readonly #clock: LineClock;
  #weather: Weather;
  readonly #held: Held[] = [];
  #heldBytes = 0;
  /** When the sender was heard to have broken off: what it has not got through by then is gone. */
  #brokenAt: number | null = null;
  /** No write before: a slow line is still busy with the last one. */
  #freeAt = 0;
  /** The receiver takes no more, or the last slice is still to leave by itself. */
  #isWaiting = false;
  #cancel: Cancel = () => {};

  constructor(way: Way, from: LaneEnd, to: LaneEnd, weather: Weather, clock: LineClock) {
    this.#way = way;
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    this.#clock = clock;
    from.on("data", (bytes: Buffer) => this.#take(bytes));
    from.on("end", () => this.#hold(null));
    to.on("drain", () => this.#goOn());
  }

  /** Bytes that were read and not yet written. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** What is under way keeps the time it was given. */
  setWeather(weather: Weather): void {
    this.#weather = weather;
    this.#go();
  }

  /** The sender's connection broke: the receiver's will, when it hears of it. */
  breakOff(): void {
    this.#brokenAt = this.#dueAt();
    this.#go();
  }

  /** Lets go of everything. */
  close(): void {
    this.#cancel();
    this.#held.length = 0;
    this.#heldBytes = 0;
  }

  #take(bytes: Buffer): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= MAX_HELD_BYTES) this.#from.pause();
    this.#hold(bytes);
  }

  #hold(bytes: Buffer | null): void {
    this.#held.push({ bytes, dueAt: this.#dueAt() });
    this.#go();
  }

  /** Never before what was sent earlier. */
  #dueAt(): number {
    const { latencyMs, jitterMs } = this.#weather;
    const travelMs = latencyMs + (jitterMs > 0 ? jitterMs * this.#clock.random() : 0);
    return Math.max(this.#clock.elapsed() + travelMs, this.#held.at(-1)?.dueAt ?? 0);
  }

  #goOn(): void {
    this.#isWaiting = false;
    this.#go();
  }

  /** Moves what is due, and comes back when the next is. */
  #go(): void {
    this.#cancel();
    while (this.#canMove()) {
      const dueInMs = this.#nextAt() - this.#clock.elapsed();
      if (dueInMs > 0) {
        this.#cancel = this.#clock.setTimer(dueInMs, () => this.#go());
        return;
      }
      this.#move();
    }
  }

  #canMove(): boolean {
    if (this.#to.destroyed || isLost(this.#weather, this.#way)) return false;
    if (this.#brokenAt !== null) return true;
    return this.#held.length > 0 && !this.#isWaiting;
  }

  #nextAt(): number {
    const [first] = this.#held;
    const nextAt =
      first === undefined || this.#isWaiting ? Number.POSITIVE_INFINITY : Math.max(first.dueAt, this.#freeAt);
    return Math.min(nextAt, this.#brokenAt ?? Number.POSITIVE_INFINITY);
  }

  #move(): void {
    if (this.#brokenAt !== null && this.#brokenAt <= this.#clock.elapsed()) {
      this.close();
      resetSocket(this.#to);
      return;
    }
    const { bytes, dueAt } = this.#held.shift() as Held;
    if (bytes === null) {
      this.#to.end();
      return;
    }
    const size = this.#sizeOfNext(bytes);
    if (size < bytes.length) this.#held.unshift({ bytes: bytes.subarray(size), dueAt });
    this.#write(bytes.subarray(0, size));
  }

  #sizeOfNext({ length }: Buffer): number {
    const { bytesPerSecond, sliceBytes } = this.#weather;
    return Math.min(length, sliceBytes, Math.max(1, Math.floor(bytesPerSecond * PACE_SHARE)));
  }

  #write(bytes: Buffer): void {
    const { bytesPerSecond, sliceBytes } = this.#weather;
    this.#freeAt = Math.max(this.#freeAt, this.#clock.elapsed()) + (bytes.length * 1_000) / bytesPerSecond;
    this.#isWaiting = !this.#to.write(bytes);
    this.#heldBytes -= bytes.length;
    if (this.#heldBytes < MAX_HELD_BYTES) this.#from.resume();
    if (this.#isWaiting || sliceBytes === Number.POSITIVE_INFINITY) return;
    this.#isWaiting = true;
    this.#clock.endOfTurn(() => this.#goOn());
  }
}
