import type { InboxItem, Seq } from "../core/model.js";

/** Most items held that are not saved yet. */
export const MAX_HELD_ITEMS = 4_096;
/** Most bytes of content held that are not saved yet. */
export const MAX_HELD_BYTES = 16 * 1024 * 1024;

/** Where the inbox hands on to. */
export interface InboxPorts {
  /**
   * Saves adjacent items together with the cursor behind them, then shows them. A rejection means that nothing was
   * saved; the inbox then drops what it holds.
   */
  save(items: readonly InboxItem[]): Promise<void>;
  /** More is held than allowed: the connection has to go; the next login starts at the cursor. */
  overflowed(): void;
}

/**
 * Puts pushed items into order. Only what follows the cursor without a gap is handed on, each item once; what lies
 * beyond a gap waits. One save runs at a time, with everything that became ready meanwhile in the next one.
 */
export class Inbox {
  readonly #ports: InboxPorts;
  readonly #stash = new Map<Seq, InboxItem>();
  #ready: InboxItem[] = [];
  /** Highest seq without a gap that is saved or about to be; `null` until the login is accepted. */
  #reached: Seq | null = null;
  #heldItems = 0;
  #heldBytes = 0;
  #saving: Promise<void> | null = null;

  constructor(ports: InboxPorts) {
    this.#ports = ports;
  }

  /** Highest seq without a gap that was received; 0 before {@link start}. */
  get reached(): Seq {
    return this.#reached ?? 0;
  }

  /** True while a save runs. */
  get isSaving(): boolean {
    return this.#saving !== null;
  }

  /** The login was accepted and its position is saved: the stream begins behind `cursor`. */
  start(cursor: Seq): void {
    this.#reached = cursor;
    for (const [seq, item] of this.#stash) if (seq <= cursor) this.#unstash(seq, item);
    this.#drain();
  }

  /** The connection is gone: forgets what is not being saved. A save under way ends by itself, see {@link idle}. */
  stop(): void {
    for (const [seq, item] of this.#stash) this.#unstash(seq, item);
    for (const item of this.#ready) this.#release(item);
    this.#ready = [];
    this.#reached = null;
  }

  /** Resolves when no save is under way. Never rejects. */
  async idle(): Promise<void> {
    while (this.#saving !== null) await this.#saving;
  }

  /** The items of one frame. */
  push(items: readonly InboxItem[]): void {
    for (const item of items) if (!this.#stashed(item)) return this.#ports.overflowed();
    this.#drain();
  }

  /** False when there is no room. */
  #stashed(item: InboxItem): boolean {
    if (item.seq <= this.reached || this.#stash.has(item.seq)) return true;
    this.#stash.set(item.seq, item);
    this.#heldItems++;
    this.#heldBytes += item.message.content.length;
    return this.#heldItems <= MAX_HELD_ITEMS && this.#heldBytes <= MAX_HELD_BYTES;
  }

  /** Moves what follows without a gap on to the save. */
  #drain(): void {
    if (this.#reached === null) return;
    for (let item = this.#stash.get(this.#reached + 1); item !== undefined; ) {
      this.#stash.delete(item.seq);
      this.#ready.push(item);
      this.#reached = item.seq;
      item = this.#stash.get(item.seq + 1);
    }
    if (this.#ready.length > 0) this.#saving ??= this.#saveAll();
  }

  async #saveAll(): Promise<void> {
    while (this.#ready.length > 0) await this.#saveBatch(this.#ready.splice(0));
    this.#saving = null;
  }

  async #saveBatch(items: readonly InboxItem[]): Promise<void> {
    try {
      await this.#ports.save(items);
    } catch {
      // Whoever saves has reported it; without this batch nothing behind it may be saved either.
      this.stop();
    }
    for (const item of items) this.#release(item);
  }

  #unstash(seq: Seq, item: InboxItem): void {
    this.#stash.delete(seq);
    this.#release(item);
  }

  #release(item: InboxItem): void {
    this.#heldItems--;
    this.#heldBytes -= item.message.content.length;
  }
}
