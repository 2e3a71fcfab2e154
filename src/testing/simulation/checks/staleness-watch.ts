import type { Seq, UserId } from "../../../core/model.js";
import type { DeviceId, HistoryEvent, NodeNumber } from "../history.js";
import type { EventOf } from "./facts.js";
import type { Violation } from "./violation.js";

/**
 * An item the server was told about is shown well before any heartbeat could repair it. Longer than a server waits between
 * two tries to read (5 s). The same holds for what another node was told while all is well between them, and for a node that
 * knows that it hears nothing: it reads the heads every 2 s.
 */
const PROMPT_MS = 6_500;

interface Watched {
  readonly userId: UserId;
  /** `null` while offline. */
  onlineAt: number | null;
  /** The machine it is connected to, where there are several. */
  node: NodeNumber | undefined;
  last: Seq;
}

/** When an item became known where. */
interface Hinted {
  readonly at: number;
  readonly node: NodeNumber | undefined;
}

/** Follows the history and measures how long each connected device lacks its next item. */
export class StalenessWatch {
  readonly #maxMs: number;
  readonly #committedAt = new Map<string, number>();
  readonly #hinted = new Map<string, Hinted>();
  readonly #devices = new Map<DeviceId, Watched>();
  readonly #found: Violation[] = [];
  /** `null` during trouble. */
  #calmAt: number | null = 0;
  /** Since when every node hears of every other; `null` while not. */
  #unitedAt: number | null = null;
  /** Since when a node has been cut off. */
  readonly #cutOffAt = new Map<NodeNumber, number>();
  /** After a restore an item that came back in another place is not shown again: only what is shown can be judged. */
  #wasRestored = false;

  /** @param maxMs the longest a connected client may lack a committed item */
  constructor(maxMs: number) {
    this.#maxMs = maxMs;
  }

  /** Every item that came too late, or had not come when it should have. */
  check(events: readonly HistoryEvent[]): readonly Violation[] {
    for (const event of events) this.#follow(event);
    return this.#found;
  }

  #follow(event: HistoryEvent): void {
    if (event.kind === "opened") this.#opened(event);
    else if (event.kind === "shown") this.#shown(event);
    else if (event.kind === "online") this.#setOnline(event.device, event.at, event);
    else if (event.kind === "offline") this.#setOnline(event.device, event.at, null);
    else if (event.kind === "committed") this.#committedAt.set(`${event.userId} ${event.seq}`, event.at);
    else if (event.kind === "hinted") this.#noteHint(event);
    else if (event.kind === "trouble") this.#setCalm(event.at, null);
    else if (event.kind === "calm") this.#setCalm(event.at, event.at);
    else if (event.kind === "restored") this.#restored();
    else if (event.kind === "quiet") this.#judgeAll(event.at);
    else this.#followCluster(event);
  }

  #followCluster(event: HistoryEvent): void {
    if (event.kind === "united") this.#unitedAt = event.at;
    else if (event.kind === "cut_off") this.#cutOffAt.set(event.node, event.at);
    else if (event.kind === "reached") {
      this.#judgeAll(event.at);
      this.#cutOffAt.delete(event.node);
    }
  }

  #opened({ device, userId, author, saved }: EventOf<"opened">): void {
    if (author !== "sdk") return;
    this.#devices.set(device, { userId, onlineAt: null, node: undefined, last: saved.at(-1)?.seq ?? 0 });
  }

  #shown({ device, item, at }: EventOf<"shown">): void {
    const watched = this.#devices.get(device);
    if (watched === undefined) return;
    this.#judge(device, watched, item.seq, at);
    watched.last = item.seq;
  }

  #noteHint({ userId, seq, at, node }: EventOf<"hinted">): void {
    const item = `${userId} ${seq}`;
    if (!this.#hinted.has(item)) this.#hinted.set(item, { at, node });
  }

  #restored(): void {
    this.#committedAt.clear();
    this.#hinted.clear();
    this.#wasRestored = true;
  }

  #setOnline(device: DeviceId, at: number, online: EventOf<"online"> | null): void {
    const watched = this.#devices.get(device);
    if (watched === undefined) return;
    this.#judgeNext(device, watched, at);
    watched.onlineAt = online === null ? null : at;
    watched.node = online?.node;
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

  #judge(device: DeviceId, watched: Watched, seq: Seq, at: number): void {
    const item = `${watched.userId} ${seq}`;
    const committedAt = this.#committedAt.get(item);
    if (committedAt === undefined || watched.onlineAt === null || this.#calmAt === null) return;
    const since = Math.max(committedAt, watched.onlineAt, this.#calmAt);
    const promptSince = Math.max(since, this.#promptSince(item, watched.node));
    const isLate = at - since > this.#maxMs;
    if (!isLate && at - promptSince <= PROMPT_MS) return;
    const text = `${device} was connected and waited ${at - since} ms for ${seq}${isLate ? "" : ", of which the server knew"}`;
    this.#found.push({ class: "stale", device, text });
  }

  /** From when on nothing but the ordinary way is to be waited for; Infinity when a lost hint may have to be found. */
  #promptSince(item: string, node: NodeNumber | undefined): number {
    const hinted = this.#hinted.get(item);
    const isKnownHere = hinted !== undefined && (hinted.node ?? node) === node;
    if (isKnownHere) return hinted.at;
    const isKnownThere = hinted !== undefined && this.#unitedAt !== null && hinted.at >= this.#unitedAt;
    if (isKnownThere) return hinted.at;
    const cutOffAt = node === undefined ? undefined : this.#cutOffAt.get(node);
    // The round that is under way ends first.
    return cutOffAt === undefined ? Number.POSITIVE_INFINITY : cutOffAt + this.#maxMs / 2;
  }
}
