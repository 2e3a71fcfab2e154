import type { WireCode } from "../../core/errors.js";
import type { MessageId } from "../../core/model.js";
import { REFUSAL_LIFE_MS, type RefusalClock, tickRefusalClock } from "../contracts/refusal-clock.js";

/** How many refusals one write may forget: more than it adds, so that the book shrinks, and few, so that no write stalls. */
const MAX_FORGOTTEN_PER_WRITE = 16;

interface Refusal {
  readonly code: WireCode;
  /** Age of the book when it was written, ms. */
  readonly writtenAt: number;
}

/**
 * The tombstones: uplinks refused for good, so that a late copy gets the same answer. It has no clock: each new refusal
 * brings the server's time, which may jump, and pays for forgetting the oldest ones.
 */
export class RefusalBook {
  readonly #refusals = new Map<MessageId, Refusal>();
  #clock: RefusalClock = { ageMs: 0, lastServerTime: null };

  /** How many refusals are remembered. */
  get size(): number {
    return this.#refusals.size;
  }

  /** The code `messageId` was refused with, if it was. */
  find(messageId: MessageId): WireCode | undefined {
    return this.#refusals.get(messageId)?.code;
  }

  /** Remembers a refusal and forgets what is older than {@link REFUSAL_LIFE_MS}. */
  write(messageId: MessageId, code: WireCode, serverTime: number): void {
    this.#clock = tickRefusalClock(this.#clock, serverTime);
    this.#refusals.set(messageId, { code, writtenAt: this.#clock.ageMs });
    this.#forget(this.#clock.ageMs - REFUSAL_LIFE_MS);
  }

  /** An independent book with the same content. */
  copy(): RefusalBook {
    const book = new RefusalBook();
    for (const [messageId, refusal] of this.#refusals) book.#refusals.set(messageId, refusal);
    book.#clock = this.#clock;
    return book;
  }

  /** Oldest first, which is the order of writing. */
  #forget(before: number): void {
    let left = MAX_FORGOTTEN_PER_WRITE;
    for (const [messageId, refusal] of this.#refusals) {
      if (left-- === 0 || refusal.writtenAt >= before) return;
      this.#refusals.delete(messageId);
    }
  }
}
