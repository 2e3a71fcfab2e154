import type { DeviceId, HistoryEvent, LinkId, NodeNumber } from "../history.js";
import type { EventOf } from "./facts.js";
import type { Violation } from "./violation.js";

/** A login over a sound network, to a healthy storage and healthy accounts, is answered within this, whatever else is away, ms. */
const ANSWERED_WITHIN_MS = 5_000;

/** Measures how long logins wait for an answer, while nothing is wrong that a login cannot do without. */
export class LoginWatch {
  readonly #found: Violation[] = [];
  readonly #waiting = new Map<LinkId, { readonly device: DeviceId; readonly at: number }>();
  readonly #frozen = new Set<NodeNumber>();
  #isStorageCalm = true;
  #isAccountsFair = true;

  /** Every login that was kept waiting. */
  check(events: readonly HistoryEvent[]): readonly Violation[] {
    for (const event of events) this.#follow(event);
    return this.#found;
  }

  #follow(event: HistoryEvent): void {
    this.#followServers(event);
    if (!this.#isStorageCalm || !this.#isAccountsFair) this.#waiting.clear();
    else if (event.kind === "knocked") this.#knocked(event);
    else if (event.kind === "quiet") this.#end(() => true, event.at);
    else if (event.kind === "online" || event.kind === "turned_away" || event.kind === "offline") {
      this.#end(({ device }) => device === event.device, event.at);
    }
  }

  #followServers(event: HistoryEvent): void {
    if (event.kind === "trouble" || event.kind === "calm") this.#isStorageCalm = event.kind === "calm";
    else if (event.kind === "accounts_slow") this.#isAccountsFair = false;
    else if (event.kind === "accounts_fair") this.#isAccountsFair = true;
    else if (event.kind === "frozen") this.#frozen.add(event.node ?? 0);
    else if (event.kind === "thawed" || event.kind === "crash") this.#frozen.delete(event.node ?? 0);
  }

  /** Whoever knocks where everything stands still is not heard. */
  #knocked(event: EventOf<"knocked">): void {
    if (!this.#frozen.has(event.node)) this.#waiting.set(event.link, event);
  }

  #end(isIts: (waiting: { readonly device: DeviceId }) => boolean, at: number): void {
    for (const [link, waiting] of this.#waiting) {
      if (!isIts(waiting)) continue;
      this.#waiting.delete(link);
      const waitedMs = at - waiting.at;
      if (waitedMs <= ANSWERED_WITHIN_MS) continue;
      const text = `${waiting.device} waited ${waitedMs} ms for the answer to its login`;
      this.#found.push({ class: "locked-out", device: waiting.device, text });
    }
  }
}
