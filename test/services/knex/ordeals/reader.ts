import type { InboxPage, Storage } from "../../../../src/adapters/contracts/index.js";
import type { MessageId, UserId } from "../../../../src/core/model.js";

const PAGE = { maxItems: 80, maxBytes: 2 ** 30 };

/** Reads one inbox by its cursor, as a client's stream does. */
export class Reader {
  readonly userId: UserId;
  readonly #storage: Storage;
  /** What every reader of this inbox has seen at each place. */
  readonly #seen: MessageId[];
  #cursor = 0;
  #head = 0;
  #polls = 0;
  #holes = 0;
  #strayed = 0;

  /** @param seen shared by all readers of the inbox */
  constructor(storage: Storage, userId: UserId, seen: MessageId[]) {
    this.#storage = storage;
    this.userId = userId;
    this.#seen = seen;
  }

  /** Items it has, without a gap. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Pages it has read. */
  get polls(): number {
    return this.#polls;
  }

  /** Pages that ended before the head of their moment, though nothing cut them. */
  get holes(): number {
    return this.#holes;
  }

  /** Items that another reader saw elsewhere, and heads that went back. */
  get strayed(): number {
    return this.#strayed;
  }

  /** Reads page after page until it is over. */
  async follow(isOver: () => boolean): Promise<void> {
    while (!isOver()) await this.#poll();
  }

  /** Reads what is left. */
  async drain(): Promise<void> {
    while ((await this.#poll()) > 0);
  }

  async #poll(): Promise<number> {
    const page = await this.#storage.messages.readInbox(this.userId, this.#cursor, PAGE);
    this.#polls++;
    for (const { seq, message } of page.items) this.#take(seq, message.messageId);
    if (page.items.length < PAGE.maxItems && this.#cursor !== page.headSeq) this.#holes++;
    this.#watchHead(page);
    return page.items.length;
  }

  #take(seq: number, messageId: MessageId): void {
    if (seq === this.#cursor + 1) this.#cursor = seq;
    else this.#holes++;
    this.#seen[seq] ??= messageId;
    if (this.#seen[seq] !== messageId) this.#strayed++;
  }

  #watchHead({ headSeq }: InboxPage): void {
    if (headSeq < this.#head) this.#strayed++;
    this.#head = headSeq;
  }
}
