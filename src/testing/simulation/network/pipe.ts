import type { VirtualTime } from "../../fakes/virtual-time.js";

/** What comes out of a pipe, in the order it went in. */
export type Parcel =
  | { readonly kind: "open" | "ping" | "pong" }
  | { readonly kind: "frame"; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly code: number };

/** What a pipe asks about the way. */
export interface Way {
  /** How long the next parcel of `bytes` takes, ms. */
  delayMs(bytes: number): number;
  /** Bytes that are on the way outside of the sending process: the buffers of the systems in between. */
  readonly windowBytes: number;
}

/** One direction of a link: in order, late, and as patient as a network. */
export class Pipe {
  readonly #time: VirtualTime;
  readonly #way: Way;
  readonly #deliver: (parcel: Parcel) => void;
  readonly #onFlushed: () => void;
  #queue: { readonly parcel: Parcel; readonly due: number }[] = [];
  #undeliveredBytes = 0;
  #lastDue = 0;
  #paused = false;
  #stalled = false;
  #broken = false;

  /** @param onFlushed told when bytes have arrived: by then they have left the sending process */
  constructor(time: VirtualTime, way: Way, deliver: (parcel: Parcel) => void, onFlushed: () => void) {
    this.#time = time;
    this.#way = way;
    this.#deliver = deliver;
    this.#onFlushed = onFlushed;
  }

  /** Bytes that wait in the sending process. */
  get bufferedBytes(): number {
    return Math.max(0, this.#undeliveredBytes - this.#way.windowBytes);
  }

  get isStalled(): boolean {
    return this.#stalled;
  }

  put(parcel: Parcel): void {
    if (this.#broken) return;
    const bytes = sizeOf(parcel);
    this.#undeliveredBytes += bytes;
    const due = Math.max(this.#lastDue, this.#time.elapsed + this.#way.delayMs(bytes));
    this.#lastDue = due;
    this.#queue.push({ parcel, due });
    this.#time.after(due - this.#time.elapsed, () => this.#flow());
  }

  /** The reader takes nothing until `resume`. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#time.after(0, () => this.#flow());
  }

  /** Nothing gets through and nobody is told. */
  stall(): void {
    this.#stalled = true;
  }

  /** What was stalled goes on. */
  goOn(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#time.after(this.#way.delayMs(0), () => this.#flow());
  }

  /** What is on the way is lost, and so is all that follows. */
  breakOff(): void {
    this.#broken = true;
    this.#queue = [];
    this.#undeliveredBytes = 0;
  }

  #flow(): void {
    while (!this.#paused && !this.#stalled && !this.#broken) {
      const next = this.#queue[0];
      if (next === undefined || next.due > this.#time.elapsed) return;
      this.#queue.shift();
      this.#undeliveredBytes -= sizeOf(next.parcel);
      this.#deliver(next.parcel);
      if (next.parcel.kind === "frame" && !this.#broken) this.#onFlushed();
    }
  }
}

function sizeOf(parcel: Parcel): number {
  return parcel.kind === "frame" ? parcel.bytes.length : 0;
}
