import type { Seq, SyncEpoch, UserId } from "../../core/model.js";
import type { Dismissal, KickNotice, NoticeBatch, OutcomeNotice } from "./notices.js";

/** What goes into one batch at most, so that a batch stays far below what a line between nodes takes. */
const MAX_NEWS = 20_000;
const MAX_OUTCOMES = 20_000;
/** Orders to end sessions that wait at most; each is a person who signs in elsewhere. */
const MAX_ORDERS = 10_000;

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
  #syncEpoch: SyncEpoch = "";
  #news = new Map<UserId, Seq>();
  #outcomes: OutcomeNotice[] = [];
  #kicks: WaitingKick[] = [];
  #dismissals: WaitingDismissal[] = [];

  get isEmpty(): boolean {
    return this.#news.size + this.#outcomes.length + this.#kicks.length + this.#dismissals.length === 0;
  }

  /** News of another history take the place of all that are left of the one before. */
  addNews(syncEpoch: SyncEpoch, userId: UserId, seq: Seq): void {
    if (syncEpoch !== this.#syncEpoch) this.#news.clear();
    this.#syncEpoch = syncEpoch;
    if (this.#news.size < MAX_NEWS || this.#news.has(userId)) {
      this.#news.set(userId, Math.max(seq, this.#news.get(userId) ?? 0));
    }
  }

  addOutcome(notice: OutcomeNotice): void {
    if (this.#outcomes.length < MAX_OUTCOMES) this.#outcomes.push(notice);
  }

  addKick(notice: WaitingKick): void {
    if (this.#kicks.length < MAX_ORDERS) this.#kicks.push(notice);
  }

  addDismissal(notice: WaitingDismissal): void {
    if (this.#dismissals.length < MAX_ORDERS) this.#dismissals.push(notice);
  }

  /** Takes everything out. */
  take(): WaitingBatch {
    const batch = {
      syncEpoch: this.#syncEpoch,
      news: [...this.#news].map(([userId, seq]) => ({ userId, seq })),
      outcomes: this.#outcomes,
      kicks: this.#kicks,
      dismissals: this.#dismissals,
    };
    this.#news = new Map();
    this.#outcomes = [];
    this.#kicks = [];
    this.#dismissals = [];
    return batch;
  }

  /** Puts back what did not arrive, before what has come since. */
  putBack({ syncEpoch, news, outcomes, kicks, dismissals }: WaitingBatch): void {
    if (this.#news.size === 0 || syncEpoch === this.#syncEpoch) {
      for (const { userId, seq } of news) this.addNews(syncEpoch, userId, seq);
    }
    this.#outcomes = [...outcomes, ...this.#outcomes].slice(0, MAX_OUTCOMES);
    this.#kicks = [...kicks, ...this.#kicks].slice(0, MAX_ORDERS);
    this.#dismissals = [...dismissals, ...this.#dismissals].slice(0, MAX_ORDERS);
  }
}
