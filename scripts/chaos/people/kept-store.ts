import type { ClientPosition, ClientStore, StoreChange } from "../../../src/client/contracts.js";
import { memoryStore } from "../../../src/client/stores/memory-store.js";
import type { Seq, SyncEpoch } from "../../../src/core/model.js";
import { shownItem } from "../../../src/testing/simulation/actors/shown-item.js";
import type { ShownItem } from "../../../src/testing/simulation/history.js";
import type { MortalRuntime } from "./mortal-runtime.js";

/** Where an installation keeps what it knows: it survives the application, which sees it through {@link open}. */
export class KeptStore {
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

  /** The store as one application sees it: what it was about to save when it died is not saved. */
  open(runtime: MortalRuntime): ClientStore {
    return {
      load: () => this.#store.load(),
      apply: async (change) => {
        if (runtime.isDead) return new Promise(() => undefined);
        await this.#apply(change);
      },
      known: (messageIds) => this.#store.known(messageIds),
      // The next application opens it again.
      close: async () => undefined,
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
