import type { CommitResult, Delivery } from "../../adapters/contracts/index.js";
import type { Message, SyncEpoch } from "../../core/model.js";
import type { Gate } from "../cluster/gate.js";
import type { ConnectionTable } from "../connections/table.js";
import { EncodedItem } from "./encoded-item.js";

/** Tells the recipients of what was just committed that there is news. What it drops, the head reading repairs. */
export class Router {
  readonly #table: ConnectionTable;
  readonly #onMessage: (message: Message) => void;
  readonly #gate: Pick<Gate, "announce"> | null;

  /**
   * @param onMessage told of every stored message, once
   * @param gate the way to other nodes; `null` where there are none
   */
  constructor(table: ConnectionTable, onMessage: (message: Message) => void, gate: Pick<Gate, "announce"> | null) {
    this.#table = table;
    this.#onMessage = onMessage;
    this.#gate = gate;
  }

  /** Hints for every fresh message of a commit, in its order. */
  route(result: CommitResult): void {
    for (const outcome of result.outcomes) {
      if (outcome.kind !== "stored" || outcome.fresh === null) continue;
      this.#hint(outcome.fresh.message, outcome.fresh.deliveries, result.syncEpoch);
      this.#onMessage(outcome.fresh.message);
    }
    this.#gate?.announce(result);
  }

  #hint(message: Message, deliveries: readonly Delivery[], syncEpoch: SyncEpoch): void {
    const item = new EncodedItem(message);
    for (const { userId, seq } of deliveries) {
      for (const connection of this.#table.ofUser(userId)) connection.stream?.hint({ seq, syncEpoch, item });
    }
  }
}
