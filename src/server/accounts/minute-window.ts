/** One minute, the stretch that all budgets of failures are counted in. */
export const MINUTE_MS = 60_000;

/** At most so many marks in any minute, wherever one lets it begin. Time comes from outside: elapsed ms. */
export class MinuteWindow {
  readonly #limit: number;
  #marks: number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Milliseconds until there is room for a mark; 0 when there is. */
  waitMs(now: number): number {
    this.#marks = this.#marks.filter((mark) => mark + MINUTE_MS > now);
    const blocking = this.#marks.at(-this.#limit);
    return blocking === undefined ? 0 : blocking + MINUTE_MS - now;
  }

  /** Sets a mark. The caller has seen that there is room. */
  mark(now: number): void {
    this.#marks.push(now);
  }

  /** Takes back the mark that was set at this moment. */
  unmark(at: number): void {
    const index = this.#marks.lastIndexOf(at);
    if (index >= 0) this.#marks.splice(index, 1);
  }
}
