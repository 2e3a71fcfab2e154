/** A pause that can be cut short; one at a time. */
export class Pause {
  #end: () => void = () => undefined;

  /** Resolves after `ms`, or when it is ended. */
  for(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the one under way, if there is one. */
  end(): void {
    this.#end();
  }
}
