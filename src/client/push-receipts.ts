import type { Seq } from "../core/model.js";
import type { Cancel, Runtime } from "../core/runtime.js";

/** Longest time a moved cursor is kept from the server, ms. */
const EVERY_MS = 2_000;
/** Most items between two receipts; the server waits for a client that owes 2,000. */
const EVERY_ITEMS = 1_000;

/** Tells the server how far this client has come: every 2 s or 1,000 items, whichever is first, and only news. */
export class PushReceipts {
  readonly #runtime: Runtime;
  readonly #send: (cursor: Seq) => void;
  #told: Seq = 0;
  #cursor: Seq = 0;
  #cancel: Cancel | null = null;

  constructor(runtime: Runtime, send: (cursor: Seq) => void) {
    this.#runtime = runtime;
    this.#send = send;
  }

  /** Begins at the cursor that the login named. */
  start(cursor: Seq): void {
    this.stop();
    this.#told = cursor;
    this.#cursor = cursor;
  }

  /** The cursor is now `cursor`, and that is saved. */
  moved(cursor: Seq): void {
    this.#cursor = cursor;
    if (cursor - this.#told >= EVERY_ITEMS) this.flush();
    else if (cursor > this.#told) this.#cancel ??= this.#runtime.setTimer(EVERY_MS, () => this.flush());
  }

  /** Says at once what has not been said. */
  flush(): void {
    this.stop();
    if (this.#cursor <= this.#told) return;
    this.#told = this.#cursor;
    this.#send(this.#cursor);
  }

  /** Ends. Repeatable. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
