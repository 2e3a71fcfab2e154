import type { MessageId } from "../../../core/model.js";

/** Whoever takes records. */
export interface Holder {
  readonly isDead: boolean;
}

/** Which nodes have which record of the queue in hand, just now. */
export class RecordsInHand {
  readonly #holders = new Map<MessageId, Set<Holder>>();

  has(messageId: MessageId, holder: Holder): boolean {
    return this.#holders.get(messageId)?.has(holder) === true;
  }

  /** Whether another one that lives has it as well. */
  isElsewhere(messageId: MessageId, holder: Holder): boolean {
    return [...(this.#holders.get(messageId) ?? [])].some((other) => other !== holder && !other.isDead);
  }

  take(messageId: MessageId, holder: Holder): void {
    const holders = this.#holders.get(messageId) ?? new Set();
    this.#holders.set(messageId, holders.add(holder));
  }

  giveBack(messageId: MessageId, holder: Holder): void {
    this.#holders.get(messageId)?.delete(holder);
  }
}
