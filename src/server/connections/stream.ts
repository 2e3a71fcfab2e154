import type { InboxItem, Seq, SyncEpoch } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import type { Limits } from "../limits.js";
import { type Hint, Pump, type PumpOutlet } from "./pump.js";
import type { Session } from "./session.js";

/** A legacy client that has asked for nothing for so long is pinged, and goes live with its pong, ms. */
const LIVE_WITHOUT_SYNC_MS = 5_000;
/** A legacy client that has asked for nothing for so long goes live whether it answers pings or not, ms. */
const LIVE_WITHOUT_PONG_MS = 30_000;

/** Epochs that other nodes may speak of while a login is under way: an old one, the true one, none. What is beyond is dropped. */
const MAX_EARLY_EPOCHS = 4;

/**
 * The inbox of one session on its way to one client: hints are noted from the moment the session is entered, the pump
 * runs from the moment the client's place in the inbox is known.
 */
export class Stream {
  readonly #session: Session;
  readonly #outlet: PumpOutlet;
  readonly #limits: Limits;
  readonly #runtime: Runtime;
  #pump: Pump | null = null;
  /** What hints said before the pump was there. */
  #early: { seq: Seq; syncEpoch: SyncEpoch } | null = null;
  /** What other nodes said before the pump was there. */
  #earlyTold: { seq: Seq; syncEpoch: SyncEpoch | null }[] = [];
  /** When it was opened or last asked for a page, elapsed ms. */
  #askedAt = 0;
  /** Head when the stream was opened. */
  #headAtOpen: Seq = 0;
  #hasSynced = false;
  /** Pings sent to the client. */
  #pings = 0;
  /** Pings it has answered. Pongs name no ping; the nth answers the nth. */
  #pongs = 0;
  /** The number of the ping whose answer lets a client go live that asks for nothing; `null` while there is none. */
  #lifePing: number | null = null;
  #closed = false;

  constructor(session: Session, outlet: PumpOutlet, limits: Limits, runtime: Runtime) {
    this.#session = session;
    this.#outlet = outlet;
    this.#limits = limits;
    this.#runtime = runtime;
  }

  /** The highest seq known to be in the inbox; 0 before the head was read. */
  get head(): Seq {
    return this.#pump?.wanted ?? 0;
  }

  /** The epoch the session lives in; `""` before it is open. */
  get syncEpoch(): SyncEpoch {
    return this.#pump?.syncEpoch ?? "";
  }

  /** There is a new item. */
  hint(hint: Hint): void {
    if (this.#pump === null) this.#noteEarly(hint.seq, hint.syncEpoch);
    else this.#pump.hint(hint);
  }

  /** The inbox reaches to `seq`. */
  reaches(seq: Seq, syncEpoch: SyncEpoch): void {
    if (this.#pump === null) this.#noteEarly(seq, syncEpoch);
    else this.#pump.head(seq, syncEpoch);
  }

  /**
   * Another node says that the inbox reaches to `seq`. It may be behind the times, so what it says of another epoch counts for nothing:
   * that the storage was restored is learned from the storage.
   * @param syncEpoch `null` from who knows no epochs
   */
  toldOf(seq: Seq, syncEpoch: SyncEpoch | null): void {
    if (this.#pump === null) this.#noteEarlyTold(seq, syncEpoch);
    else if (syncEpoch === null || syncEpoch === this.#pump.syncEpoch) this.#pump.head(seq, this.#pump.syncEpoch);
  }

  /** The client's place is known. Nothing is written before {@link goLive}. */
  open(start: Seq, headSeq: Seq, syncEpoch: SyncEpoch): void {
    if (this.#closed) return;
    const { isLegacy, origin } = this.#session;
    const options = {
      maxUnacknowledged: isLegacy ? Number.POSITIVE_INFINITY : this.#limits.maxUnacknowledged,
      skipOrigin: isLegacy ? origin : null,
    };
    this.#askedAt = this.#runtime.elapsed();
    this.#headAtOpen = headSeq;
    this.#pump = new Pump(start, syncEpoch, this.#outlet, options, this.#runtime);
    this.#pump.head(headSeq, syncEpoch);
    if (this.#early !== null) this.#pump.head(this.#early.seq, this.#early.syncEpoch);
    for (const told of this.#earlyTold) this.toldOf(told.seq, told.syncEpoch);
    this.#earlyTold = [];
  }

  /** Items flow from where the stream was opened. */
  goLive(): void {
    this.#pump?.release();
  }

  /** A legacy client asks for what follows `asked`. Holds the pump and answers where its page has to begin. */
  beginSync(asked: Seq): Seq {
    const pump = this.#pump;
    if (pump === null) return asked;
    pump.hold();
    this.#askedAt = this.#runtime.elapsed();
    this.#lifePing = null;
    if (!this.#hasSynced) pump.moveTo(asked);
    this.#hasSynced = true;
    return Math.max(asked, pump.sent);
  }

  /**
   * Takes the items of a page that are not sent yet; they count as sent from now on. Still held, so that nothing
   * overtakes them: {@link goLive} when the page was the last.
   */
  takePage(items: readonly InboxItem[]): readonly InboxItem[] {
    const pump = this.#pump;
    if (pump === null) return [];
    pump.hold();
    const fresh = items.filter(({ seq }) => seq > pump.sent);
    pump.moveTo(fresh.at(-1)?.seq ?? pump.sent);
    return fresh;
  }

  /** The last seq the client has without gap. */
  get sent(): Seq {
    return this.#pump?.sent ?? 0;
  }

  /** A message sent on this session is stored at `seq`: the seq its ACK carries. */
  ackSeq(seq: Seq): Seq {
    return this.#session.isLegacy && this.#pump !== null ? this.#pump.passOwn(seq) : seq;
  }

  /** The client has everything up to `cursor`. */
  acknowledge(cursor: Seq): void {
    this.#pump?.acknowledge(cursor);
  }

  /** Bytes have left the socket. */
  flushed(): void {
    this.#pump?.flushed();
  }

  /**
   * A client that is held and has asked for no page for a while is asked for a sign of life: true when the caller has to
   * ping it now. What it said before it answers is here by then, so a page it asked for over a slow network is not overtaken.
   * One that does not answer goes live all the same, only later.
   */
  check(): boolean {
    if (this.#hasWaited(LIVE_WITHOUT_PONG_MS)) this.#goLiveUnasked();
    if (this.#lifePing !== null || !this.#hasWaited(LIVE_WITHOUT_SYNC_MS)) return false;
    this.#lifePing = this.#pings + 1;
    return true;
  }

  /** The client was pinged, whatever for. */
  pinged(): void {
    this.#pings++;
  }

  /**
   * The client has answered a ping. If it is the one {@link check} asked for, the client goes live. A pong for an earlier
   * ping says nothing: the page may be asked for right behind it. Pongs nobody asked for do not count in advance.
   */
  alive(): void {
    this.#pongs = Math.min(this.#pongs + 1, this.#pings);
    if (this.#lifePing !== null && this.#pongs >= this.#lifePing) this.#goLiveUnasked();
  }

  close(): void {
    this.#closed = true;
    this.#pump?.close();
  }

  #hasWaited(ms: number): boolean {
    return this.#pump?.isHeld === true && this.#runtime.elapsed() - this.#askedAt >= ms;
  }

  /** From where its pages ended, or, a legacy client that never asked, from the head at its login. */
  #goLiveUnasked(): void {
    this.#lifePing = null;
    if (this.#pump?.isHeld !== true) return;
    if (!this.#hasSynced) this.#pump.moveTo(this.#headAtOpen);
    this.#pump.release();
  }

  /** One place for each epoch, and there are seldom two. */
  #noteEarlyTold(seq: Seq, syncEpoch: SyncEpoch | null): void {
    const known = this.#earlyTold.find((told) => told.syncEpoch === syncEpoch);
    if (known !== undefined) known.seq = Math.max(known.seq, seq);
    else if (this.#earlyTold.length < MAX_EARLY_EPOCHS) this.#earlyTold.push({ seq, syncEpoch });
  }

  #noteEarly(seq: Seq, syncEpoch: SyncEpoch): void {
    if (this.#early === null || this.#early.syncEpoch !== syncEpoch || seq > this.#early.seq) {
      this.#early = { seq, syncEpoch };
    }
  }
}
