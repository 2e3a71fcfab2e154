/** A map of bounded size: what was not touched for the longest time is forgotten first. */
export class RecentMap<Value> {
  readonly #max: number;
  readonly #values = new Map<string, Value>();

  /** @param max how many entries are kept */
  constructor(max: number) {
    this.#max = max;
  }

  /** How many entries there are. */
  get size(): number {
    return this.#values.size;
  }

  /** The value, which counts as touched now. */
  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** The value; where there is none, a new one. */
  getOrCreate(key: string, create: () => Value): Value {
    const value = this.get(key) ?? create();
    this.set(key, value);
    return value;
  }

  /** Keeps a value, and forgets the oldest where there is no room. */
  set(key: string, value: Value): void {
    this.#values.delete(key);
    const oldest = this.#values.keys().next();
    if (this.#values.size >= this.#max && !oldest.done) this.#values.delete(oldest.value);
    this.#values.set(key, value);
  }

  /** Forgets an entry. */
  delete(key: string): void {
    this.#values.delete(key);
  }
}
