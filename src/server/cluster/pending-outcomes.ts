import type { MessageId } from "../../core/model.js";
import type { OutcomeNotice } from "./notices.js";

/** Who waits for what other nodes have decided, by message. What nobody waits for any more is dropped. */
export class PendingOutcomes {
  readonly #waiting = new Map<MessageId, Set<(notice: OutcomeNotice) => void>>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Tells `decide` once, unless it is stopped before with what is returned. Several may wait for one message: it was repeated. */
  wait(messageId: MessageId, decide: (notice: OutcomeNotice) => void): () => void {
    const set = this.#waiting.get(messageId) ?? new Set();
    this.#waiting.set(messageId, set);
    set.add(decide);
    return () => {
      set.delete(decide);
      if (set.size === 0 && this.#waiting.get(messageId) === set) this.#waiting.delete(messageId);
    };
  }

  settle(notice: OutcomeNotice): void {
    const set = this.#waiting.get(notice.messageId);
    this.#waiting.delete(notice.messageId);
    for (const decide of set ?? []) decide(notice);
  }
}
