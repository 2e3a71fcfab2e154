import type { Keepsakes } from "../keepsakes.js";

/** How far a user has read each conversation, remembered in this browser under the user's id. */
export class ReadMarks {
  readonly #key: string;
  readonly #storage: Keepsakes;
  #isNew: boolean;

  constructor(userId: string, storage: Keepsakes) {
    this.#key = `shyim-chat.read.${userId}`;
    this.#storage = storage;
    this.#isNew = storage.getItem(this.#key) === null;
  }

  /** True until something is saved: the user has never been here, and nobody knows what was read elsewhere. */
  get isNew(): boolean {
    return this.#isNew;
  }

  get(conversation: string): number | undefined {
    return this.#read()[conversation];
  }

  /** What another tab has saved meanwhile stays; a mark never goes back. */
  save(conversation: string, readUpTo: number): void {
    const marks = this.#read();
    this.#write({ ...marks, [conversation]: Math.max(readUpTo, marks[conversation] ?? 0) });
  }

  /** From now on this browser knows the user. */
  keep(): void {
    this.#write(this.#read());
  }

  #read(): Record<string, number> {
    try {
      const saved: unknown = JSON.parse(this.#storage.getItem(this.#key) ?? "null");
      return Object.assign(Object.create(null), typeof saved === "object" ? saved : null);
    } catch {
      return Object.create(null);
    }
  }

  #write(marks: Record<string, number>): void {
    this.#isNew = false;
    this.#storage.setItem(this.#key, JSON.stringify(marks));
  }
}
