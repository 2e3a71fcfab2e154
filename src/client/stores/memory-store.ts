import { ImError } from "../../core/errors.js";
import type { MessageId } from "../../core/model.js";
import type { ClientPosition, ClientSnapshot, ClientStore, OutboxEntry, SentEntry, StoreChange } from "../contracts.js";

/** At least this many of the newest message ids are remembered. */
const MIN_KNOWN = 20_000;

/**
 * A store that lasts as long as the object: reconnects and a second client made with it (after the first was closed)
 * go on where it stands; a new process or page begins anew. Of the items it keeps only the ids of the newest 20,000.
 */
export function memoryStore(): ClientStore {
  return new MemoryStore();
}

class MemoryStore implements ClientStore {
  #open = false;
  #position: ClientPosition | null = null;
  readonly #outbox = new Map<number, OutboxEntry>();
  readonly #sent = new Map<number, SentEntry>();
  /** Ids in two halves: when the newer one is full, it becomes the older one, and that one is forgotten. */
  #newer = new Set<MessageId>();
  #older: ReadonlySet<MessageId> = new Set();

  async load(): Promise<ClientSnapshot | null> {
    this.#open = true;
    if (this.#position === null) return null;
    return { position: this.#position, outbox: [...this.#outbox.values()], sent: [...this.#sent.values()] };
  }

  async apply(change: StoreChange): Promise<void> {
    this.#assertOpen();
    this.#position = change.position ?? this.#position;
    for (const { message } of change.items ?? []) this.#remember(message.messageId);
    replace(this.#outbox, change.putOutbox, change.removeOutbox);
    replace(this.#sent, change.putSent, change.removeSent);
  }

  async known(messageIds: readonly MessageId[]): Promise<ReadonlySet<MessageId>> {
    this.#assertOpen();
    return new Set(messageIds.filter((id) => this.#newer.has(id) || this.#older.has(id)));
  }

  async close(): Promise<void> {
    this.#open = false;
  }

  #remember(messageId: MessageId): void {
    if (this.#newer.size >= MIN_KNOWN) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(messageId);
  }

  #assertOpen(): void {
    if (!this.#open) throw new ImError("unavailable", { message: "call load() before anything else on a store" });
  }
}

function replace<Entry extends { readonly clientId: number }>(
  map: Map<number, Entry>,
  put: readonly Entry[] = [],
  remove: readonly number[] = [],
): void {
  for (const clientId of remove) map.delete(clientId);
  for (const entry of put) map.set(entry.clientId, entry);
}
