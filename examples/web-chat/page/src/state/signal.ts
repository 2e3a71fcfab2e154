/** Tells its listeners that something changed: once per turn, however often it is told. */
export class Signal {
  readonly #listeners = new Set<() => void>();
  #isDue = false;

  /** Returns the function that stops it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}
