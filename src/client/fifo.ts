/** First in, first out; both ends cost O(1) on average, whatever the length. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  /** How many are waiting. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Puts `item` at the end. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** The oldest without taking it; `undefined` when empty. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes the oldest; `undefined` when empty. */
  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (this.size === 0) return undefined;
    this.#items[this.#head++] = undefined;
    if (this.#head * 2 > this.#items.length) this.#compact();
    return item;
  }

  /** Takes up to `most` of the oldest. */
  take(most: number): T[] {
    const taken = this.#items.slice(this.#head, this.#head + most) as T[];
    this.#items = this.#items.slice(this.#head + most);
    this.#head = 0;
    return taken;
  }

  /** Forgets everything. */
  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  #compact(): void {
    if (this.#head < 64 && this.size > 0) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
