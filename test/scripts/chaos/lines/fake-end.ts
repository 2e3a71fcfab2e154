import { EventEmitter } from "node:events";
import type { LaneEnd } from "../../../../scripts/chaos/lines/lane.js";

/** One end of a lane, whose other side is the test. */
export class FakeEnd extends EventEmitter {
  /** What was written, with when. */
  readonly written: { readonly text: string; readonly at: number }[] = [];
  isReading = true;
  /** Whether it takes more after a write. */
  isRoomy = true;
  destroyed = false;
  wasReset = false;
  writableEnded = false;
  writableFinished = false;
  readonly #elapsed: () => number;

  constructor(elapsed: () => number) {
    super();
    this.#elapsed = elapsed;
  }

  /** As a lane takes it: everything of a socket that a lane uses is here. */
  get asEnd(): LaneEnd {
    return this as unknown as LaneEnd;
  }

  /** The other side sends. */
  says(text: string): void {
    this.emit("data", Buffer.from(text));
  }

  get text(): string {
    return this.written.map(({ text }) => text).join("");
  }

  pause(): this {
    this.isReading = false;
    return this;
  }

  resume(): this {
    this.isReading = true;
    return this;
  }

  write(bytes: Buffer): boolean {
    this.written.push({ text: bytes.toString(), at: this.#elapsed() });
    return this.isRoomy;
  }

  end(): void {
    this.writableEnded = true;
    this.written.push({ text: ".", at: this.#elapsed() });
  }

  destroy(): void {
    this.destroyed = true;
  }

  resetAndDestroy(): void {
    this.destroyed = true;
    this.wasReset = true;
  }
}
