import type { Seq } from "../core/model.js";
import type { OutboxEntry, SentEntry, StoreChange } from "./contracts.js";

/** How many own messages are remembered after they were stored. */
export const MAX_SENT_ENTRIES = 1_000;

/**
 * The newest {@link MAX_SENT_ENTRIES} own messages the server has stored. If it loses some to a restored backup, this
 * client brings them back; older ones it cannot bring back, another member's store may still show them.
 */
export class SentLog {
  readonly #entries = new Map<number, SentEntry>();

  /** Replaces everything by what the store holds. */
  load(entries: readonly SentEntry[]): void {
    this.#entries.clear();
    for (const entry of [...entries].sort((a, b) => a.order - b.order)) this.#entries.set(entry.clientId, entry);
  }

  /** Highest rank of composing in here; 0 when empty. */
  get lastOrder(): number {
    let last = 0;
    for (const { order } of this.#entries.values()) last = Math.max(last, order);
    return last;
  }

  /** `entry` is stored under `seq`. Returns what to save. */
  add(entry: OutboxEntry, seq: Seq): StoreChange {
    const sent: SentEntry = { ...entry, seq, confirmed: true };
    this.#entries.set(entry.clientId, sent);
    return { putSent: [sent], removeSent: this.#evict() };
  }

  /** The own copy of a message was received under `seq`. Returns what to save, if anything. */
  confirm(clientId: number, seq: Seq): StoreChange {
    const entry = this.#entries.get(clientId);
    if (entry === undefined || (entry.confirmed && entry.seq === seq)) return {};
    const sent: SentEntry = { ...entry, seq, confirmed: true };
    this.#entries.set(clientId, sent);
    return { putSent: [sent] };
  }

  /** The history above `base` is another one now: what was stored there is in doubt. Returns what to save. */
  doubt(base: Seq): StoreChange {
    const putSent = [...this.#entries.values()]
      .filter(({ seq }) => seq > base)
      .map((entry) => ({ ...entry, confirmed: false }));
    for (const entry of putSent) this.#entries.set(entry.clientId, entry);
    return { putSent };
  }

  /** Takes out what is still in doubt, in the order of composing: the server has lost it. */
  takeLost(): OutboxEntry[] {
    const lost = [...this.#entries.values()].filter(({ confirmed }) => !confirmed);
    for (const { clientId } of lost) this.#entries.delete(clientId);
    return lost.map(({ seq: _seq, confirmed: _confirmed, ...entry }) => entry).sort((a, b) => a.order - b.order);
  }

  #evict(): number[] {
    const oldest: number[] = [];
    for (const clientId of this.#entries.keys()) {
      if (this.#entries.size - oldest.length <= MAX_SENT_ENTRIES) break;
      oldest.push(clientId);
    }
    for (const clientId of oldest) this.#entries.delete(clientId);
    return oldest;
  }
}
