import type { Condition } from "../../adapters/contracts/index.js";
import type { HealthRecord } from "../health/adapter-health.js";

/**
 * How the book of sessions is: as its adapter says, and, while that finds nothing wrong, whether it takes what is to be entered. One
 * that answers and takes nothing leaves this node's clients where nobody finds them, so that is `degraded`, with the book's own words.
 */
export class BookHealth {
  readonly #record: HealthRecord;
  #condition: Condition | null = null;
  /** Why something could not be entered; `null` when all is. */
  #failure: string | null = null;

  constructor(record: HealthRecord) {
    this.#record = record;
  }

  /** What the adapter finds. Anything but `up` explains what fails better than a call that failed for it. */
  tell(condition: Condition): void {
    this.#condition = condition;
    if (condition.state !== "up") this.#failure = null;
    this.#show();
  }

  /** All that is to be in the book is entered. */
  entered(): void {
    this.#failure = null;
    this.#show();
  }

  /** A session could not be entered. Of a series the first is told: logins and renewals may fail in different words. */
  missed(error: unknown): void {
    if (this.#failure === null) this.failed(error);
  }

  /** The sessions of this node could not be entered. */
  failed(error: unknown): void {
    if (this.#condition?.state !== "up") return;
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#show();
  }

  #show(): void {
    if (this.#condition === null) return;
    const isDegraded = this.#condition.state === "up" && this.#failure !== null;
    this.#record.set(isDegraded ? { state: "degraded", reason: this.#failure ?? "" } : this.#condition);
  }
}
