import type { DeviceId, HistoryEvent, LinkId } from "../history.js";
import type { EventOf } from "./facts.js";
import type { Violation } from "./violation.js";

/** A queue is passed by after 1 s, and a storage that was in trouble is tried again within another. The rest is the way. */
const ANSWERED_WITHIN_MS = 5_000;

/** A new token that slow accounts were asked about holds up what its connection sends behind it, for so long at most, ms. */
const HELD_UP_MS = 12_000;

type Timed = EventOf<"uplink" | "answered">;

interface Waiting {
  readonly device: DeviceId;
  /** How many of its messages have no answer. */
  open: number;
  /** Since when nothing was answered. */
  since: number;
}

/**
 * Measures how long a client waits for an answer to any of its messages, while link, node and storage are sound: whatever connects
 * the nodes may be away or lose what it was given.
 */
export class AnswerWatch {
  readonly #found: Violation[] = [];
  /** Which link is sound, as far as anybody knows. */
  readonly #online = new Map<DeviceId, LinkId | undefined>();
  readonly #waiting = new Map<LinkId, Waiting>();
  #isCalm = true;
  #fairAt = 0;

  /** Every wait that was too long. */
  check(events: readonly HistoryEvent[]): readonly Violation[] {
    for (const event of events) this.#follow(event);
    return this.#found;
  }

  #follow(event: HistoryEvent): void {
    if (event.kind === "online") this.#online.set(event.device, event.link);
    else if (event.kind === "uplink") this.#sent(event);
    else if (event.kind === "answered") this.#answered(event);
    else if (event.kind === "offline") this.#lost(event.device);
    else if (event.kind === "trouble") this.#setCalm(event.at, false);
    else if (event.kind === "calm") this.#setCalm(event.at, true);
    else if (event.kind === "accounts_slow") this.#fairAt = Number.POSITIVE_INFINITY;
    else if (event.kind === "accounts_fair") this.#fairAt = event.at + HELD_UP_MS;
    else if (event.kind === "quiet") for (const waiting of this.#waiting.values()) this.#judge(waiting, event.at);
  }

  #sent({ device, link, at }: Timed): void {
    if (this.#online.get(device) !== link) return;
    const waiting = this.#waiting.get(link) ?? { device, open: 0, since: at };
    if (waiting.open++ === 0) waiting.since = at;
    this.#waiting.set(link, waiting);
  }

  #answered({ link, at }: Timed): void {
    const waiting = this.#waiting.get(link);
    if (waiting === undefined) return;
    this.#judge(waiting, at);
    // What was sent while nobody knew whether the link was sound was not counted.
    waiting.open = Math.max(0, waiting.open - 1);
    waiting.since = at;
  }

  #setCalm(at: number, isCalm: boolean): void {
    for (const waiting of this.#waiting.values()) {
      this.#judge(waiting, at);
      waiting.since = at;
    }
    this.#isCalm = isCalm;
  }

  #lost(device: DeviceId): void {
    this.#online.delete(device);
    for (const [link, waiting] of this.#waiting) if (waiting.device === device) this.#waiting.delete(link);
  }

  #judge({ device, open, since }: Waiting, at: number): void {
    const waitedMs = at - Math.max(since, this.#fairAt);
    if (!this.#isCalm || open === 0 || waitedMs <= ANSWERED_WITHIN_MS) return;
    const text = `${device} waited ${waitedMs} ms for the answer to any of ${open} messages`;
    this.#found.push({ class: "stale", device, text });
  }
}
