import type { HubTimers } from "./hub-timers.js";

/** One direction between a node and the hub: what is sent arrives later, in order, at least one turn after it was sent. */
export class MemoryWay {
  readonly #timers: HubTimers;
  readonly #latencyMs: () => number;
  readonly #sent: (() => void)[] = [];

  /** @param latencyMs asked once for everything that is sent */
  constructor(timers: HubTimers, latencyMs: () => number) {
    this.#timers = timers;
    this.#latencyMs = latencyMs;
  }

  /** `arrive` runs when it has arrived. What was sent before arrives before, however long it takes. */
  send(arrive: () => void): void {
    this.#sent.push(arrive);
    const latencyMs = this.#latencyMs();
    // Whichever timer is first takes whatever is first: nothing can overtake.
    const next = (): void => this.#sent.shift()?.();
    if (latencyMs > 0) this.#timers.setTimer(latencyMs, next);
    else this.#timers.endOfTurn(next);
  }
}
