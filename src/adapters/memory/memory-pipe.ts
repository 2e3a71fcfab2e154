import { CLOSE } from "../../core/close-codes.js";

/** Who reads a pipe. Neither is called in the turn of the call that caused it. */
export interface PipeReader {
  onFrame(bytes: Uint8Array): void;
  /** Everything was read and the writer has said goodbye (or, with 1006, the pipe broke). Nothing follows. */
  onEnd(code: number): void;
}

/** Read frames are cut off the queue once there are this many. */
const COMPACT_AFTER = 1_024;

/** One direction of a memory socket: frames wait, in order, until their reader takes them. Unbounded like a network. */
export class MemoryPipe {
  #reader: PipeReader | null = null;
  #onTaken: (() => void) | null = null;
  readonly #queue: Uint8Array[] = [];
  #head = 0;
  #bufferedBytes = 0;
  #endCode: number | null = null;
  #paused = false;
  #scheduled = false;
  #over = false;

  /** Starts delivery to `reader`. Until then everything waits. */
  read(reader: PipeReader): void {
    this.#reader = reader;
    this.#schedule();
  }

  /** `run` is called for the writer whenever frames have left the pipe, so that `bufferedBytes` fell. */
  onTaken(run: () => void): void {
    this.#onTaken = run;
  }

  /** Nothing goes through any more. */
  get over(): boolean {
    return this.#over;
  }

  /** What was written and not yet read. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Silent after `end` and `breakOff`. */
  write(bytes: Uint8Array): void {
    if (this.#over || this.#endCode !== null) return;
    this.#queue.push(bytes);
    this.#bufferedBytes += bytes.length;
    this.#schedule();
  }

  /** Says goodbye after what was written. Only the first one counts. */
  end(code: number): void {
    this.#endCode ??= code;
    this.#schedule();
  }

  /** Drops what was not read. The reader, paused or not, is told 1006. */
  breakOff(): void {
    if (this.#over) return;
    this.#drop();
    setImmediate(() => this.#reader?.onEnd(CLOSE.abnormal));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  get #stopped(): boolean {
    return this.#paused || this.#over || this.#reader === null;
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    if (this.#head === this.#queue.length && this.#endCode === null) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const before = this.#head;
    this.#readUpTo(this.#queue.length);
    if (this.#head > before) this.#onTaken?.();
    this.#forgetRead();
    if (this.#stopped) return;
    if (this.#head < this.#queue.length) this.#schedule();
    else if (this.#endCode !== null) this.#finish(this.#endCode);
  }

  #readUpTo(end: number): void {
    while (this.#head < end && !this.#stopped) {
      const bytes = this.#queue[this.#head++] as Uint8Array;
      this.#bufferedBytes -= bytes.length;
      this.#reader?.onFrame(bytes);
    }
  }

  #forgetRead(): void {
    if (this.#head < this.#queue.length && this.#head < COMPACT_AFTER) return;
    this.#queue.splice(0, this.#head);
    this.#head = 0;
  }

  #finish(code: number): void {
    this.#drop();
    this.#reader?.onEnd(code);
  }

  #drop(): void {
    this.#over = true;
    this.#queue.length = 0;
    this.#head = 0;
    this.#bufferedBytes = 0;
  }
}
