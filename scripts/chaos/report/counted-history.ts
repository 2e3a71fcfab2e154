import { History, type HistoryEntry, type OperationId } from "../../../src/testing/simulation/history.js";

/** What counts, and how often it has happened. */
export interface Counts {
  readonly sent: number;
  readonly acked: number;
  readonly refused: number;
  readonly unknown: number;
  readonly shown: number;
}

const COUNTED = { invoke: "sent", ack: "acked", refused: "refused", unknown: "unknown", shown: "shown" } as const;

type CountedKind = keyof typeof COUNTED;

/** A history that also says how much of what there is by now. */
export class CountedHistory extends History {
  readonly counts: Record<keyof Counts, number> = { sent: 0, acked: 0, refused: 0, unknown: 0, shown: 0 };
  readonly #acked = new Set<OperationId>();

  override record(entry: HistoryEntry): void {
    super.record(entry);
    // What was acknowledged after its application had died is acknowledged in its answer only.
    if (entry.kind === "answer" && entry.code === null) this.#ack(entry.operation);
    else if (entry.kind === "ack") this.#ack(entry.operation);
    else if (Object.hasOwn(COUNTED, entry.kind)) this.counts[COUNTED[entry.kind as CountedKind]]++;
  }

  #ack(operation: OperationId): void {
    if (this.#acked.has(operation)) return;
    this.#acked.add(operation);
    this.counts.acked++;
  }
}
