import type { WireCode } from "../../core/errors.js";
import type { MessageId } from "../../core/model.js";

/** How long a refusal is remembered, ms: longer than any late copy of an uplink can be on its way. */
export const REFUSAL_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** How many refusals one write may forget: more than it adds, so that the book shrinks, and few, so that no write stalls. */
const MAX_FORGOTTEN_PER_WRITE = 16;

/** What lies between two refusals counts for so long at most, ms: a clock that jumps ahead must forget nothing early. */
const LONGEST_GAP_MS = 24 * 60 * 60 * 1000;

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
  /** The server's time that has gone by in gaps that can be believed, ms. */
  #age = 0;
  #lastServerTime: number | null = null;

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
    const gapMs = serverTime - (this.#lastServerTime ?? serverTime);
    this.#lastServerTime = serverTime;
    this.#age += Math.min(Math.max(gapMs, 0), LONGEST_GAP_MS);
    this.#refusals.set(messageId, { code, writtenAt: this.#age });
    this.#forget(this.#age - REFUSAL_LIFE_MS);
  }

  /** An independent book with the same content. */
  copy(): RefusalBook {
    const book = new RefusalBook();
    for (const [messageId, refusal] of this.#refusals) book.#refusals.set(messageId, refusal);
    book.#age = this.#age;
    book.#lastServerTime = this.#lastServerTime;
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
