/** A listener of one event. */
export type Listener<T> = (event: T) => void;

/**
 * Tells; never asks. A listener that throws (or is async and rejects) hurts neither the caller nor the other listeners:
 * its error goes to `onError`.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #onError: (error: unknown, event: keyof Events) => void;

  /** @param onError gets what a listener threw; must not throw itself */
  constructor(onError: (error: unknown, event: keyof Events) => void) {
    this.#onError = onError;
  }

  /** Calls `listener` on every `event` from now on. Returns the function that stops it. */
  on<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(listener as Listener<never>);
    return () => void set.delete(listener as Listener<never>);
  }

  /** True when somebody listens; lets a caller skip building an event for no one. */
  has(event: keyof Events): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0;
  }

  /** Tells all listeners, in the order they came. */
  emit<Name extends keyof Events>(event: Name, value: Events[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        const returned: unknown = (listener as Listener<Events[Name]>)(value);
        // An async listener is a listener too: unheard, its rejection would end the process.
        if (returned instanceof Promise) returned.catch((error) => this.#onError(error, event));
      } catch (error) {
        this.#onError(error, event);
      }
    }
  }
}
