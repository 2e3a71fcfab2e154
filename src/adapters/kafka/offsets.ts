/** How far each part of the topic is done, on its way to the brokers: one request at a time, always with the newest. */
export class Offsets {
  readonly #commit: (offsets: ReadonlyMap<number, bigint>) => Promise<void>;
  #waiting = new Map<number, bigint>();
  #committing: Promise<void> | null = null;
  #isOver = false;

  /** @param commit tells the brokers */
  constructor(commit: (offsets: ReadonlyMap<number, bigint>) => Promise<void>) {
    this.#commit = commit;
  }

  /** Everything of a part below `offset` is done. */
  done(partition: number, offset: bigint): void {
    if (this.#isOver) return;
    this.#waiting.set(partition, offset);
    this.#committing ??= this.#commitAll();
  }

  /** Other parts than these are somebody else's: nothing is told of them any more. */
  keep(partitions: readonly number[]): void {
    for (const partition of this.#waiting.keys()) if (!partitions.includes(partition)) this.#waiting.delete(partition);
  }

  /** Resolves when the brokers know everything, or cannot be told. */
  async flushed(): Promise<void> {
    await this.#committing;
  }

  /** Nothing is told any more. */
  end(): void {
    this.#isOver = true;
    this.#waiting.clear();
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const offsets = this.#waiting;
      this.#waiting = new Map();
      // A failure is made up for by the next one; what nobody was told of is brought again.
      await this.#commit(offsets).catch(() => undefined);
    }
    this.#committing = null;
  }
}
