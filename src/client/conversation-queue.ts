import type { OutboxEntry } from "./contracts.js";

/**
 * Where an entry is: not transmitted on this connection (`queued`), under way (`flying`), told to come back later
 * (`waiting`), behind a predecessor that has to be settled first (`parked`).
 */
export type SlotState = "queued" | "flying" | "waiting" | "parked";

/** The place of one entry in the list of its conversation. */
export interface Slot {
  readonly entry: OutboxEntry;
  state: SlotState;
  /** May have reached the server, on this connection or an earlier one. */
  transmitted: boolean;
  /** The predecessor named at the last transmission; 0 for none. */
  after: number;
  /** The last transmission happened while the queue was narrow. */
  sentNarrow: boolean;
  /** How often the server was busy. */
  tries: number;
  previous: Slot | null;
  next: Slot | null;
}

/**
 * The unsettled messages of one conversation, in the order they were composed. While it is `narrow` (the server was
 * busy or found a message out of order) only the oldest goes out; when that one is settled, the rest follows in order.
 */
export class ConversationQueue {
  #first: Slot | null = null;
  #last: Slot | null = null;
  #narrow = false;
  /** Everything that is not `queued`; at most a window full. */
  readonly #active = new Set<Slot>();

  /** True when every message is settled. */
  get isEmpty(): boolean {
    return this.#first === null;
  }

  /** Puts `entry` at its place by `order`: O(1) at the end and at the front. */
  add(entry: OutboxEntry, transmitted: boolean): Slot {
    const slot: Slot = {
      entry,
      state: "queued",
      transmitted,
      after: 0,
      sentNarrow: false,
      tries: 0,
      previous: this.#lastBefore(entry.order),
      next: null,
    };
    this.#link(slot);
    return slot;
  }

  /** The entry to transmit now, if any. */
  next(): Slot | null {
    if (this.#first?.state === "parked") this.#put(this.#first, "queued");
    for (let slot = this.#first; slot !== null; slot = slot.next) {
      if (slot.state === "flying") continue;
      const held = slot.state !== "queued" || (this.#narrow && slot !== this.#first);
      return held ? null : slot;
    }
    return null;
  }

  /** Marks the result of {@link next} as transmitted. Its predecessor is worked out here, anew each time. */
  launch(slot: Slot): void {
    slot.after = slot.previous?.entry.clientId ?? 0;
    slot.sentNarrow = this.#narrow;
    slot.transmitted = true;
    this.#put(slot, "flying");
  }

  /** Takes out an entry whose outcome is known. */
  settle(slot: Slot): void {
    this.#unlink(slot);
    this.#active.delete(slot);
    if (slot.sentNarrow || this.isEmpty) this.#narrow = false;
    if (!this.#narrow) this.#requeue("parked");
  }

  /** The server was busy: the entry waits until {@link wake}. */
  delay(slot: Slot): void {
    this.#put(slot, "waiting");
    this.#narrow = true;
  }

  /** Ends the wait of all that were delayed. */
  wake(): void {
    this.#requeue("waiting");
  }

  /** The server misses the predecessor: the entry goes out again, or waits for it if it is still in the list. */
  outOfOrder(slot: Slot, predecessorIsHere: boolean): void {
    this.#put(slot, predecessorIsHere ? "parked" : "queued");
    if (predecessorIsHere) this.#narrow = true;
  }

  /** A new connection: nothing has been transmitted on it. */
  restart(): void {
    for (const slot of this.#active) slot.state = "queued";
    this.#active.clear();
    this.#narrow = false;
  }

  #put(slot: Slot, state: SlotState): void {
    slot.state = state;
    if (state === "queued") this.#active.delete(slot);
    else this.#active.add(slot);
  }

  #requeue(from: SlotState): void {
    for (const slot of this.#active) if (slot.state === from) this.#put(slot, "queued");
  }

  #lastBefore(order: number): Slot | null {
    if (this.#first === null || order < this.#first.entry.order) return null;
    let slot = this.#last;
    while (slot !== null && slot.entry.order > order) slot = slot.previous;
    return slot;
  }

  #link(slot: Slot): void {
    slot.next = slot.previous === null ? this.#first : slot.previous.next;
    if (slot.previous === null) this.#first = slot;
    else slot.previous.next = slot;
    if (slot.next === null) this.#last = slot;
    else slot.next.previous = slot;
  }

  #unlink(slot: Slot): void {
    if (slot.previous === null) this.#first = slot.next;
    else slot.previous.next = slot.next;
    if (slot.next === null) this.#last = slot.previous;
    else slot.next.previous = slot.previous;
  }
}
