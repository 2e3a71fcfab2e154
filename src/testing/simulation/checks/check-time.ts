import type { Seq, UserId } from "../../../core/model.js";
import type { DeviceId, HistoryEvent, Problem } from "../history.js";
import { type EventOf, type Facts, placed } from "./facts.js";
import type { Violation, ViolationClass } from "./violation.js";

/** I12, I14, I17 and the end: nobody waits too long, nobody stays outside, everything comes to rest. */
export function checkTime(facts: Facts, staleAfterMs: number): Violation[] {
  return [...new StalenessWatch(staleAfterMs).check(facts.events), ...checkDoors(facts), ...checkRest(facts)];
}

const PROBLEM_CLASS: Readonly<Record<Problem["what"], ViolationClass>> = {
  cannot_log_in: "locked-out",
  unsettled: "lost",
  behind: "unseen",
  close_hangs: "stuck",
};

function checkDoors({ events }: Facts): Violation[] {
  const turnedAway = placed(events, "turned_away").map(({ event: { device, code } }) => ({
    device,
    text: `a login with a good token was answered ${code}`,
  }));
  const gaveUp = placed(events, "gave_up").map(({ event: { device, closeCode, message } }) => ({
    device,
    text: `the client of ${device} closed itself: ${message} (${closeCode})`,
  }));
  return [...turnedAway, ...gaveUp].map((found) => ({ class: "locked-out", ...found }));
}

function checkRest({ events }: Facts): Violation[] {
  return placed(events, "quiet").flatMap(({ event }) =>
    event.problems.map(({ what, who }) => ({
      class: PROBLEM_CLASS[what],
      text: `${who}: ${what} when all should be at rest`,
    })),
  );
}

/**
 * An item the server was told about is shown well before any heartbeat could repair it. Longer than a server waits between
 * two tries to read (5 s).
 */
const PROMPT_MS = 6_500;

interface Watched {
  readonly userId: UserId;
  /** `null` while offline. */
  onlineAt: number | null;
  last: Seq;
}

/** Follows the history and measures how long each connected device lacks its next item. */
class StalenessWatch {
  readonly #maxMs: number;
  readonly #committedAt = new Map<string, number>();
  readonly #hintedAt = new Map<string, number>();
  readonly #devices = new Map<DeviceId, Watched>();
  readonly #found: Violation[] = [];
  /** `null` during trouble. */
  #calmAt: number | null = 0;
  /** After a restore an item that came back in another place is not shown again: only what is shown can be judged. */
  #wasRestored = false;

  constructor(maxMs: number) {
    this.#maxMs = maxMs;
  }

  check(events: readonly HistoryEvent[]): readonly Violation[] {
    for (const event of events) this.#follow(event);
    return this.#found;
  }

  #follow(event: HistoryEvent): void {
    if (event.kind === "opened") this.#opened(event);
    else if (event.kind === "shown") this.#shown(event);
    else if (event.kind === "online") this.#setOnline(event.device, event.at, event.at);
    else if (event.kind === "offline") this.#setOnline(event.device, event.at, null);
    else if (event.kind === "committed") this.#committedAt.set(`${event.userId} ${event.seq}`, event.at);
    else if (event.kind === "hinted") this.#hintedAt.set(`${event.userId} ${event.seq}`, event.at);
    else if (event.kind === "trouble") this.#setCalm(event.at, null);
    else if (event.kind === "calm") this.#setCalm(event.at, event.at);
    else if (event.kind === "restored") this.#restored();
    else if (event.kind === "quiet") this.#judgeAll(event.at);
  }

  #opened({ device, userId, author, saved }: EventOf<"opened">): void {
    if (author !== "sdk") return;
    this.#devices.set(device, { userId, onlineAt: null, last: saved.at(-1)?.seq ?? 0 });
  }

  #shown({ device, item, at }: EventOf<"shown">): void {
    const watched = this.#devices.get(device);
    if (watched === undefined) return;
    this.#judge(device, watched, item.seq, at);
    watched.last = item.seq;
  }

  #restored(): void {
    this.#committedAt.clear();
    this.#hintedAt.clear();
    this.#wasRestored = true;
  }

  #setOnline(device: DeviceId, at: number, onlineAt: number | null): void {
    const watched = this.#devices.get(device);
    if (watched === undefined) return;
    this.#judgeNext(device, watched, at);
    watched.onlineAt = onlineAt;
  }

  #setCalm(at: number, calmAt: number | null): void {
    this.#judgeAll(at);
    this.#calmAt = calmAt === null ? null : (this.#calmAt ?? calmAt);
  }

  #judgeAll(at: number): void {
    for (const [device, watched] of this.#devices) this.#judgeNext(device, watched, at);
  }

  #judgeNext(device: DeviceId, watched: Watched, at: number): void {
    if (!this.#wasRestored) this.#judge(device, watched, watched.last + 1, at);
  }

  #judge(device: DeviceId, { userId, onlineAt }: Watched, seq: Seq, at: number): void {
    const item = `${userId} ${seq}`;
    const committedAt = this.#committedAt.get(item);
    if (committedAt === undefined || onlineAt === null || this.#calmAt === null) return;
    const readyAt = Math.max(onlineAt, this.#calmAt);
    const isLate = at - Math.max(committedAt, readyAt) > this.#maxMs;
    const hintedAt = this.#hintedAt.get(item);
    const isSlow = hintedAt !== undefined && at - Math.max(hintedAt, readyAt) > PROMPT_MS;
    if (!isLate && !isSlow) return;
    const waitedMs = at - Math.max(committedAt, readyAt);
    const text = `${device} was connected and waited ${waitedMs} ms for ${seq}${isLate ? "" : ", of which the server knew"}`;
    this.#found.push({ class: "stale", device, text });
  }
}
