import { ImError } from "../core/errors.js";
import type { LoginAckFrame } from "../core/frames.js";
import { type InboxItem, type MessageId, originOf, type Seq, type UserId } from "../core/model.js";
import type { Runtime } from "../core/runtime.js";
import { newClientId } from "./client-id.js";
import type { ClientPosition, OutboxEntry, StoreChange } from "./contracts.js";
import type { Journal } from "./journal.js";
import { mergeChanges } from "./merge-changes.js";
import { SentLog } from "./sent-log.js";

/** What the application hands over, checked. */
export type Draft = Omit<OutboxEntry, "clientId" | "order">;

/** An own message that turned out to be stored. */
export interface StoredEntry {
  readonly entry: OutboxEntry;
  readonly messageId: MessageId;
  readonly seq: Seq;
}

/** What a save of items brought. */
export interface SavedItems {
  /** Not shown before: to be shown now, in this order. */
  readonly fresh: readonly InboxItem[];
  /** Messages of the outbox whose own copies were among the items. */
  readonly stored: readonly StoredEntry[];
  /** A re-sync ended with these items. */
  readonly resynced: boolean;
  /** After a re-sync: own messages the server has lost; they are in the outbox again. */
  readonly restored: readonly OutboxEntry[];
}

/**
 * What the client remembers, in memory as it is (or is about to be) in the store: position, unsettled messages, sent
 * log. Every method changes the memory at once and resolves when the store has followed. When the store fails, both
 * part ways, and {@link open} reads the store's truth again.
 */
export class Ledger {
  readonly #journal: Journal;
  readonly #runtime: Runtime;
  readonly #unsettled = new Map<number, OutboxEntry>();
  readonly #sentLog = new SentLog();
  #position: ClientPosition | null = null;
  #lastOrder = 0;

  constructor(journal: Journal, runtime: Runtime) {
    this.#journal = journal;
    this.#runtime = runtime;
  }

  /** Where this client stands. Only after {@link open}. */
  get position(): ClientPosition {
    if (this.#position === null) throw new ImError("unavailable", { message: "the store was not read yet" });
    return this.#position;
  }

  /** The user of this store; `null` before the first login. */
  get userId(): UserId | null {
    return this.#position?.userId ?? null;
  }

  /** How many messages are unsettled, those included that are just being saved. */
  get unsettledCount(): number {
    return this.#unsettled.size;
  }

  /** Reads the store; a new one gets its instance id. Returns the unsettled messages. Rejects with `store_failed` or `busy`. */
  async open(): Promise<readonly OutboxEntry[]> {
    const snapshot = await this.#journal.load();
    const outbox = snapshot?.outbox ?? [];
    this.#position = snapshot?.position ?? this.#newPosition();
    this.#unsettled.clear();
    for (const entry of outbox) this.#unsettled.set(entry.clientId, entry);
    this.#sentLog.load(snapshot?.sent ?? []);
    this.#lastOrder = outbox.reduce((last, { order }) => Math.max(last, order), this.#sentLog.lastOrder);
    if (snapshot === null) await this.#journal.apply({ position: this.#position });
    return outbox;
  }

  /** Gives a message its identity. It is unsettled from now on; save it with {@link keep} before it is transmitted. */
  compose(draft: Draft): OutboxEntry {
    const entry = { ...draft, clientId: this.#freshClientId(), order: ++this.#lastOrder };
    this.#unsettled.set(entry.clientId, entry);
    return entry;
  }

  /** Saves a composed message. */
  keep(entry: OutboxEntry): Promise<void> {
    return this.#journal.apply({ putOutbox: [entry] });
  }

  /** The message is settled without being stored (refused or given up). */
  drop(entry: OutboxEntry): Promise<void> {
    this.#unsettled.delete(entry.clientId);
    return this.#journal.apply({ removeOutbox: [entry.clientId] });
  }

  /** The server has stored the message. */
  sent(entry: OutboxEntry, seq: Seq): Promise<void> {
    return this.#journal.apply(this.#settleAsSent(entry, seq));
  }

  /**
   * A login was accepted. Returns what a re-sync, if one was needed and is already over, brought back.
   * Rejects with `forbidden` when the store belongs to another user.
   */
  async signIn(ack: LoginAckFrame): Promise<readonly OutboxEntry[]> {
    const before = this.position;
    if (before.userId !== null && before.userId !== ack.userId) throw wrongOwner(before.userId, ack.userId);
    const { userId, origin, syncEpoch } = ack;
    const change = ack.reset ? this.#reset(ack) : this.#moveTo({ ...before, userId, origin, syncEpoch });
    const { change: finish, restored } = this.#finishResync();
    if (ack.reset || !isSame(before, this.position)) await this.#journal.apply(mergeChanges([change, finish]));
    return restored;
  }

  /** Saves adjacent items that follow the cursor, with the cursor behind them. */
  async save(items: readonly InboxItem[]): Promise<SavedItems> {
    const known = await this.#journal.known(items.map(({ message }) => message.messageId));
    const fresh = items.filter(({ message }) => !known.has(message.messageId));
    const { stored, changes } = this.#recogniseOwn(items);
    const wasResyncing = this.position.resyncUntil !== null;
    const moved = this.#moveTo({ ...this.position, ...behind(items) });
    const { change: finish, restored } = this.#finishResync();
    const resynced = wasResyncing && this.position.resyncUntil === null;
    await this.#journal.apply(mergeChanges([{ ...moved, items: fresh }, ...changes, finish]));
    return { fresh, stored, resynced, restored };
  }

  #newPosition(): ClientPosition {
    return {
      instanceId: this.#runtime.randomBytes(16),
      userId: null,
      origin: "",
      syncEpoch: "",
      cursor: 0,
      cursorMessageId: null,
      resyncUntil: null,
    };
  }

  #freshClientId(): number {
    for (;;) {
      const id = newClientId((length) => this.#runtime.randomBytes(length));
      if (!this.#unsettled.has(id)) return id;
    }
  }

  #moveTo(position: ClientPosition): StoreChange {
    this.#position = position;
    return { position };
  }

  /** Another history: back to where both agree. What was sent above that is in doubt until it is seen again. */
  #reset({ userId, origin, syncEpoch, seq, headSeq }: LoginAckFrame): StoreChange {
    const cursor = Math.min(this.position.cursor, seq);
    const kept = { instanceId: this.position.instanceId, userId, origin, syncEpoch };
    const moved = this.#moveTo({ ...kept, cursor, cursorMessageId: null, resyncUntil: headSeq });
    return { ...moved, ...this.#sentLog.doubt(cursor) };
  }

  /** When the head of the reset is reached: what is still in doubt is lost and goes back into the outbox. */
  #finishResync(): { readonly change: StoreChange; readonly restored: readonly OutboxEntry[] } {
    const { cursor, resyncUntil } = this.position;
    if (resyncUntil === null || cursor < resyncUntil) return { change: {}, restored: [] };
    const restored = this.#sentLog.takeLost();
    for (const entry of restored) this.#unsettled.set(entry.clientId, entry);
    const removeSent = restored.map(({ clientId }) => clientId);
    const moved = this.#moveTo({ ...this.position, resyncUntil: null });
    return { change: { ...moved, putOutbox: restored, removeSent }, restored };
  }

  /** Own copies of this installation: they settle the outbox or confirm the sent log. */
  #recogniseOwn(items: readonly InboxItem[]): { stored: StoredEntry[]; changes: StoreChange[] } {
    const stored: StoredEntry[] = [];
    const changes: StoreChange[] = [];
    for (const { seq, message } of items) {
      if (originOf(message.messageId) !== this.position.origin) continue;
      const clientId = Number.parseInt(message.messageId.slice(16), 16);
      const entry = this.#unsettled.get(clientId);
      if (entry !== undefined) stored.push({ entry, messageId: message.messageId, seq });
      changes.push(entry === undefined ? this.#sentLog.confirm(clientId, seq) : this.#settleAsSent(entry, seq));
    }
    return { stored, changes };
  }

  #settleAsSent(entry: OutboxEntry, seq: Seq): StoreChange {
    this.#unsettled.delete(entry.clientId);
    return { removeOutbox: [entry.clientId], ...this.#sentLog.add(entry, seq) };
  }
}

/** The cursor behind the last of `items`. */
function behind(items: readonly InboxItem[]): Partial<ClientPosition> {
  const last = items[items.length - 1];
  return last === undefined ? {} : { cursor: last.seq, cursorMessageId: last.message.messageId };
}

function isSame(a: ClientPosition, b: ClientPosition): boolean {
  const { instanceId: _a, ...before } = a;
  const { instanceId: _b, ...after } = b;
  return (Object.keys(before) as (keyof typeof before)[]).every((key) => before[key] === after[key]);
}

function wrongOwner(owner: UserId, userId: UserId): ImError {
  return new ImError("forbidden", {
    message: `this store belongs to user ${owner}, but the token signs in ${userId}; give every user a store of their own`,
  });
}
