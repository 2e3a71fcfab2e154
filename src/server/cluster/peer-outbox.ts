import type { Seq, SyncEpoch, UserId } from "../../core/model.js";
import type { Dismissal, KickNotice, News, NoticeBatch, OutcomeNotice } from "./notices.js";

/** What waits for one peer at most. */
const MAX_NEWS = 20_000;
const MAX_OUTCOMES = 20_000;
/** Orders of each kind; each is a person who signs in elsewhere, or is sent away. */
const MAX_ORDERS = 10_000;

/** What a notice takes besides its texts, bytes, rounded up. */
const OVERHEAD_BYTES = 64;
/** Of UTF-8, for each unit of a text. */
const MAX_BYTES_PER_UNIT = 3;

/** An order to end a session, and when it was given, elapsed ms: it may wait, and the session grows older meanwhile. */
export interface WaitingKick extends KickNotice {
  readonly orderedAt: number;
}

/** The same for all sessions of a user. */
export interface WaitingDismissal extends Dismissal {
  readonly orderedAt: number;
}

/** What waits, taken out. */
export interface WaitingBatch extends NoticeBatch {
  readonly kicks: readonly WaitingKick[];
  readonly dismissals: readonly WaitingDismissal[];
}

/**
 * What waits to be told to one peer. News of one inbox are one: the highest seq. So it is bounded by the users there, however far
 * behind the peer is. Outcomes beyond the bound are dropped: their origin asks the storage itself after a second.
 */
export class PeerOutbox {
  readonly #onDropped: (count: number) => void;
  #syncEpoch: SyncEpoch = "";
  readonly #news = new Map<UserId, Seq>();
  #outcomes: OutcomeNotice[] = [];
  #kicks: WaitingKick[] = [];
  #dismissals: WaitingDismissal[] = [];
  #rechecks = new Set<UserId>();

  /** @param onDropped told how much there was no room for */
  constructor(onDropped: (count: number) => void) {
    this.#onDropped = onDropped;
  }

  get isEmpty(): boolean {
    const orders = this.#kicks.length + this.#dismissals.length + this.#rechecks.size;
    return orders + this.#outcomes.length + this.#news.size === 0;
  }

  /** News of another history take the place of all that are left of the one before. */
  addNews(syncEpoch: SyncEpoch, userId: UserId, seq: Seq): void {
    if (syncEpoch !== this.#syncEpoch) this.#news.clear();
    this.#syncEpoch = syncEpoch;
    if (this.#news.size < MAX_NEWS || this.#news.has(userId)) this.#note(userId, seq);
    else this.#onDropped(1);
  }

  addOutcome(notice: OutcomeNotice): void {
    this.#push(this.#outcomes, notice, MAX_OUTCOMES);
  }

  addKick(notice: WaitingKick): void {
    this.#push(this.#kicks, notice, MAX_ORDERS);
  }

  addDismissal(notice: WaitingDismissal): void {
    this.#push(this.#dismissals, notice, MAX_ORDERS);
  }

  addRecheck(userId: UserId): void {
    if (this.#rechecks.size < MAX_ORDERS || this.#rechecks.has(userId)) this.#rechecks.add(userId);
    else this.#onDropped(1);
  }

  /** Takes out about so many bytes, but one notice at least: orders first, then outcomes, then news. */
  take(maxBytes: number): WaitingBatch {
    const room = new Room(maxBytes);
    return {
      kicks: takeFrom(this.#kicks, room, ({ userId, text }) => weightOf(userId, text)),
      dismissals: takeFrom(this.#dismissals, room, ({ userId, reason }) => weightOf(userId, reason)),
      rechecks: this.#takeRechecks(room),
      outcomes: takeFrom(this.#outcomes, room, ({ messageId, syncEpoch }) => weightOf(messageId, syncEpoch)),
      syncEpoch: this.#syncEpoch,
      news: this.#takeNews(room),
    };
  }

  /** Puts back what did not arrive, before what has come since. No news are lost: those that come find less room. */
  putBack({ syncEpoch, news, outcomes, kicks, dismissals, rechecks }: WaitingBatch): void {
    if (this.#news.size === 0 || syncEpoch === this.#syncEpoch) {
      this.#syncEpoch = syncEpoch;
      for (const { userId, seq } of news) this.#note(userId, seq);
    }
    this.#outcomes = this.#bounded([...outcomes, ...this.#outcomes], MAX_OUTCOMES);
    this.#kicks = this.#bounded([...kicks, ...this.#kicks], MAX_ORDERS);
    this.#dismissals = this.#bounded([...dismissals, ...this.#dismissals], MAX_ORDERS);
    this.#rechecks = new Set(this.#bounded([...new Set([...rechecks, ...this.#rechecks])], MAX_ORDERS));
  }

  #note(userId: UserId, seq: Seq): void {
    this.#news.set(userId, Math.max(seq, this.#news.get(userId) ?? 0));
  }

  #push<Notice>(list: Notice[], notice: Notice, max: number): void {
    if (list.length < max) list.push(notice);
    else this.#onDropped(1);
  }

  /** The oldest stay. */
  #bounded<Notice>(list: Notice[], max: number): Notice[] {
    if (list.length <= max) return list;
    this.#onDropped(list.length - max);
    return list.slice(0, max);
  }

  #takeRechecks(room: Room): UserId[] {
    const taken: UserId[] = [];
    for (const userId of this.#rechecks) {
      if (!room.takes(weightOf(userId))) break;
      this.#rechecks.delete(userId);
      taken.push(userId);
    }
    return taken;
  }

  #takeNews(room: Room): News[] {
    const taken: News[] = [];
    for (const [userId, seq] of this.#news) {
      if (!room.takes(weightOf(userId))) break;
      this.#news.delete(userId);
      taken.push({ userId, seq });
    }
    return taken;
  }
}

/** What fits into one batch: the first notice in any case. */
class Room {
  #leftBytes: number;
  #isEmpty = true;

  constructor(maxBytes: number) {
    this.#leftBytes = maxBytes;
  }

  takes(bytes: number): boolean {
    if (bytes > this.#leftBytes && !this.#isEmpty) return false;
    this.#isEmpty = false;
    this.#leftBytes -= bytes;
    return true;
  }
}

function takeFrom<Notice>(waiting: Notice[], room: Room, bytesOf: (notice: Notice) => number): Notice[] {
  const end = waiting.findIndex((notice) => !room.takes(bytesOf(notice)));
  return waiting.splice(0, end < 0 ? waiting.length : end);
}

function weightOf(...texts: readonly string[]): number {
  return texts.reduce((bytes, { length }) => bytes + length * MAX_BYTES_PER_UNIT, OVERHEAD_BYTES);
}
