import type { ClientPosition, ClientStore, StoreChange } from "../../../client/contracts.js";
import { memoryStore } from "../../../client/stores/memory-store.js";
import type { MessageId, Seq, SyncEpoch } from "../../../core/model.js";
import type { ShownItem } from "../history.js";
import { shownItem } from "./shown-item.js";

/** Where an installation keeps what it knows: it survives the application, which sees it through {@link open}. */
export class DeviceStore {
  readonly #store: ClientStore = memoryStore();
  readonly #saved: ShownItem[] = [];
  readonly #unsettled = new Set<number>();
  #position: ClientPosition | null = null;

  /** Every item that was ever saved, in order. */
  get saved(): readonly ShownItem[] {
    return this.#saved;
  }

  get cursor(): Seq {
    return this.#position?.cursor ?? 0;
  }

  get epoch(): SyncEpoch {
    return this.#position?.syncEpoch ?? "";
  }

  /** How many messages wait for their outcome. */
  get unsettled(): number {
    return this.#unsettled.size;
  }

  /**
   * The store as one process sees it: what a dying process was about to save is not saved.
   * @param turn how long a call takes; default: no time
   */
  open(process: { readonly dead: boolean }, turn: () => Promise<void> = async () => {}): ClientStore {
    return {
      load: async () => {
        await turn();
        return this.#store.load();
      },
      apply: async (change) => {
        await turn();
        if (process.dead) return new Promise(() => undefined);
        await this.#apply(change);
      },
      known: async (messageIds: readonly MessageId[]) => {
        await turn();
        return this.#store.known(messageIds);
      },
      // The next process opens it again.
      close: () => turn(),
    };
  }

  async #apply(change: StoreChange): Promise<void> {
    if (change.position !== undefined) this.#position = change.position;
    for (const { clientId } of change.putOutbox ?? []) this.#unsettled.add(clientId);
    for (const clientId of change.removeOutbox ?? []) this.#unsettled.delete(clientId);
    for (const item of change.items ?? []) this.#saved.push(shownItem(item, this.epoch));
    await this.#store.apply(change);
  }
}
