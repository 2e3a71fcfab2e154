import { ImError } from "../../core/errors.js";

/** Whether a part may be used just now: after `start` and before `close`, as often as that happens. */
export class Gate {
  readonly #isReachable: () => boolean;
  #open = false;

  /** @param isReachable a further condition for calls, asked at each */
  constructor(isReachable: () => boolean = () => true) {
    this.#isReachable = isReachable;
  }

  /** Lets calls through. Repeatable. */
  open(): void {
    this.#open = true;
  }

  /** Turns calls away. Repeatable. */
  close(): void {
    this.#open = false;
  }

  /** Throws `unavailable` unless open and reachable. */
  assertOpen(): void {
    if (!this.#isReachable()) throw new ImError("unavailable", { message: "the memory storage cannot be reached" });
    if (this.#open) return;
    throw new ImError("unavailable", { message: "the memory storage is closed or not started; call start() first" });
  }
}
