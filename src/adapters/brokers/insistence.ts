/** Between two tries, ms. */
const RETRY_MS = 500;

/** Tries things again until they go well, or until it is ended. */
export class Insistence {
  readonly #sleepers = new Set<() => void>();
  #isOver = false;

  /** Resolves when `attempt` has gone well. Rejects when it is ended before. */
  async insist(attempt: () => Promise<void>): Promise<void> {
    while (!(await this.#try(attempt))) await this.#sleep();
  }

  /** Ends every try, for good. */
  end(): void {
    this.#isOver = true;
    for (const wake of this.#sleepers) wake();
  }

  async #try(attempt: () => Promise<void>): Promise<boolean> {
    if (this.#isOver) throw new Error("the queue is closed");
    return attempt().then(
      () => true,
      () => false,
    );
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, RETRY_MS);
      this.#sleepers.add(wake);
    });
  }
}
