/** What remembers: the browser's `localStorage`. */
type MarksStorage = Pick<Storage, "getItem" | "setItem">;

/** How far a user has read each conversation, remembered in this browser under the user's id. */
export class ReadMarks {
  readonly #key: string;
  readonly #storage: MarksStorage;
  readonly #marks: Record<string, number>;
  #isNew: boolean;

  constructor(userId: string, storage: MarksStorage) {
    this.#key = `shyim-chat.read.${userId}`;
    this.#storage = storage;
    const saved = parseMarks(storage.getItem(this.#key));
    this.#marks = saved ?? {};
    this.#isNew = saved === null;
  }

  /** True until something is saved: the user has never been here, and nobody knows what was read elsewhere. */
  get isNew(): boolean {
    return this.#isNew;
  }

  get(conversation: string): number | undefined {
    return this.#marks[conversation];
  }

  save(conversation: string, readUpTo: number): void {
    this.#marks[conversation] = readUpTo;
    this.keep();
  }

  /** From now on this browser knows the user. */
  keep(): void {
    this.#isNew = false;
    this.#storage.setItem(this.#key, JSON.stringify(this.#marks));
  }
}

function parseMarks(text: string | null): Record<string, number> | null {
  try {
    const saved: unknown = JSON.parse(text ?? "null");
    return typeof saved === "object" && saved !== null ? Object.assign(Object.create(null), saved) : null;
  } catch {
    return null;
  }
}
