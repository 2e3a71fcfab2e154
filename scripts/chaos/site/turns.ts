/** Lets one thing happen after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does it when everything before is done, whether that went well or not. */
  take<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action, action);
    this.#last = result.catch(() => {});
    return result;
  }
}
