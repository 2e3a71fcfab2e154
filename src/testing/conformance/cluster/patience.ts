import type { ErrorCode, ImError } from "../../../core/errors.js";
import { assertRejects, assertThat } from "../assert.js";
import type { ConformanceClock } from "./clock.js";

/** After this long something is taken for what will never happen, ms. */
const PATIENCE_MS = 10_000;

/** Waits for conditions and answers as a fixture's clock does, and names what did not come. */
export class Patience {
  readonly #clock: ConformanceClock;

  constructor(clock: ConformanceClock) {
    this.#clock = clock;
  }

  /** Returns as soon as `condition` holds. Throws, naming `what`, when it has not within `maxMs`. */
  async until(what: string, condition: () => boolean, maxMs = PATIENCE_MS): Promise<void> {
    const isSo = await this.#clock.until(condition, maxMs);
    assertThat(isSo, `this happens within ${maxMs / 1_000} s: ${what}`);
  }

  /** What `call` resolves with. Throws what it rejects with, or that it took longer than `maxMs`. */
  async for<T>(what: string, call: Promise<T>, maxMs = PATIENCE_MS): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    call.then(over, over);
    await this.until(what, () => isOver, maxMs);
    return call;
  }

  /** Throws unless `call` rejects with an ImError of `code` within `maxMs`. */
  async rejects(what: string, call: () => Promise<unknown>, code: ErrorCode, maxMs = PATIENCE_MS): Promise<ImError> {
    return assertRejects(() => this.for(what, call(), maxMs), code, what);
  }
}
