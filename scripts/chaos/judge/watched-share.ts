import type { DeviceId, HistoryEvent } from "../../../src/testing/simulation/history.js";

/**
 * In what share of the time of all clients, 0 to 1, lateness was judged: they were signed in over a sound line to a node that ran, and
 * the storage was in no trouble. With a small share there is little that could have been found.
 */
export function watchedShare(events: readonly HistoryEvent[]): number {
  const endsAt = events.at(-1)?.at ?? 0;
  const clock = new WatchedClock();
  for (const event of events) clock.follow(event);
  return clock.shareAt(endsAt);
}

/** One client. */
interface Watch {
  readonly openedAt: number;
  isOnline: boolean;
  /** Since when it is watched; `null` while it is not. */
  sinceMs: number | null;
  totalMs: number;
}

class WatchedClock {
  readonly #watches = new Map<DeviceId, Watch>();
  #isCalm = true;

  follow(event: HistoryEvent): void {
    if (event.kind === "opened") this.#open(event.device, event.at);
    else if (event.kind === "online" || event.kind === "offline") this.#turn(event.device, event.kind, event.at);
    else if (event.kind === "trouble" || event.kind === "calm") {
      this.#isCalm = event.kind === "calm";
      for (const watch of this.#watches.values()) this.#wind(watch, event.at);
    }
  }

  shareAt(endsAt: number): number {
    const all = [...this.#watches.values()];
    for (const watch of all) this.#wind(watch, endsAt);
    const possible = all.reduce((sum, { openedAt }) => sum + endsAt - openedAt, 0);
    return possible === 0 ? 0 : all.reduce((sum, { totalMs }) => sum + totalMs, 0) / possible;
  }

  #open(device: DeviceId, openedAt: number): void {
    if (this.#watches.has(device)) return;
    this.#watches.set(device, { openedAt, isOnline: false, sinceMs: null, totalMs: 0 });
  }

  #turn(device: DeviceId, kind: "online" | "offline", at: number): void {
    const watch = this.#watches.get(device);
    if (watch === undefined) return;
    watch.isOnline = kind === "online";
    this.#wind(watch, at);
  }

  #wind(watch: Watch, at: number): void {
    if (watch.sinceMs !== null) watch.totalMs += at - watch.sinceMs;
    watch.sinceMs = this.#isCalm && watch.isOnline ? at : null;
  }
}
