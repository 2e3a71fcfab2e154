import type { WireCode } from "../../core/errors.js";
import type { MessageId } from "../../core/model.js";

/** How long a refusal is remembered, ms: longer than any late copy of an uplink can be on its way. */
export const REFUSAL_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** How many refusals one write may forget: more than it adds, so that the book shrinks, and few, so that no write stalls. */
const MAX_FORGOTTEN_PER_WRITE = 16;

interface Refusal {
  readonly code: WireCode;
  readonly serverTime: number;
}

/**
 * The tombstones: uplinks refused for good, so that a late copy gets the same answer. It has no clock: each new
 * refusal brings the server's time and pays for forgetting the oldest ones.
 */
export class RefusalBook {
  readonly #refusals: Map<MessageId, Refusal>;

  constructor(refusals: Iterable<readonly [MessageId, Refusal]> = []) {
    this.#refusals = new Map(refusals);
  }

  /** How many refusals are remembered. */
  get size(): number {
    return this.#refusals.size;
  }

  /** The code `messageId` was refused with, if it was. */
  find(messageId: MessageId): WireCode | undefined {
    return this.#refusals.get(messageId)?.code;
  }

  /** Remembers a refusal and forgets what is older than {@link REFUSAL_LIFE_MS} by `serverTime`. */
  write(messageId: MessageId, code: WireCode, serverTime: number): void {
    this.#refusals.set(messageId, { code, serverTime });
    this.#forget(serverTime - REFUSAL_LIFE_MS);
  }

  /** An independent book with the same content. */
  copy(): RefusalBook {
    return new RefusalBook(this.#refusals);
  }

  /** Oldest first, which is the order of writing; a jump of the server's clock delays forgetting, nothing else. */
  #forget(before: number): void {
    let left = MAX_FORGOTTEN_PER_WRITE;
    for (const [messageId, refusal] of this.#refusals) {
      if (left-- === 0 || refusal.serverTime >= before) return;
      this.#refusals.delete(messageId);
    }
  }
}
