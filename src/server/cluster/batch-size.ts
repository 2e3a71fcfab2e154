/** What nodes send each other at once: a quarter of what a line between nodes takes. */
const MAX_BYTES = 1024 * 1024;
/** A line that does not bring this much within its second brings nothing. */
const MIN_BYTES = 4 * 1024;

/** How much goes into one batch to a peer: half after one that did not arrive, twice as much after one that did. */
export class BatchSize {
  #bytes = MAX_BYTES;

  /** Bytes, about. */
  get bytes(): number {
    return this.#bytes;
  }

  arrived(): void {
    this.#bytes = Math.min(MAX_BYTES, this.#bytes * 2);
  }

  late(): void {
    this.#bytes = Math.max(MIN_BYTES, this.#bytes >> 1);
  }

  /** The peer threw at a batch of so many bytes: whatever it was is in one half of it. */
  refused(bytes: number): void {
    this.#bytes = Math.max(1, bytes >> 1);
  }

  /** What the peer threw at was found and is gone. */
  found(): void {
    this.#bytes = MIN_BYTES;
  }
}
