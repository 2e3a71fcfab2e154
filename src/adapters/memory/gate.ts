import { ImError } from "../../core/errors.js";

/** Whether a part may be used just now: after `start` and before `close`, as often as that happens. */
export class Gate {
  #open = false;

  /** Lets calls through. Repeatable. */
  open(): void {
    this.#open = true;
  }

  /** Turns calls away. Repeatable. */
  close(): void {
    this.#open = false;
  }

  /** Throws `unavailable` unless open. */
  assertOpen(): void {
    if (this.#open) return;
    throw new ImError("unavailable", { message: "the memory storage is closed or not started; call start() first" });
  }
}
