import type { InboxPage } from "../../adapters/contracts/index.js";
import type { Seq, SyncEpoch } from "../../core/model.js";
import type { Cancel, Runtime } from "../../core/runtime.js";

/** News for one inbox: there is an item `seq`, and this is it. */
export interface Hint {
  readonly seq: Seq;
  readonly syncEpoch: SyncEpoch;
  /** Writes the item into the stream under its seq. */
  readonly item: PumpItem;
}

/** An item ready to be written. */
export interface PumpItem {
  /** First half of the message's id. */
  readonly origin: string;
  /** One encoded Output. */
  encode(seq: Seq): Uint8Array;
}

/** What a pump reads: a page, already turned into what it writes. */
export interface PumpPage extends Omit<InboxPage, "items"> {
  readonly items: readonly { readonly seq: Seq; readonly item: PumpItem }[];
}

/** What a pump needs from its connection. */
export interface PumpOutlet {
  read(after: Seq): Promise<PumpPage>;
  write(output: Uint8Array): void;
  /** Bytes on their way to the client. */
  bufferedBytes(): number;
  /** Above so many the pump stops. */
  highWaterBytes(): number;
  /** The storage has another history than this connection was signed in under. */
  onOtherEpoch(): void;
  onReadFailed(error: unknown): void;
}

/** How a pump behaves. */
export interface PumpOptions {
  /** Items it may be ahead of the client's own acknowledgement; Infinity where the client sends none. */
  readonly maxUnacknowledged: number;
  /** Items of this origin are passed over in silence (a legacy client does not expect its own messages); `null` for none. */
  readonly skipOrigin: string | null;
}

/** A page ended below its own head: a storage adapter breaks its contract. Nothing is skipped, the read is repeated. */
class HoleError extends Error {
  constructor(seq: Seq) {
    super(`the storage shows a head above ${seq} but no item ${seq}`);
  }
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;

/**
 * Brings one inbox to one client: `sent + 1, sent + 2, …`, whatever the hints say. A hint only tells that there is
 * something; what cannot be written at once is read from storage, so a slow client costs two numbers, not a queue.
 */
export class Pump {
  readonly #outlet: PumpOutlet;
  readonly #options: PumpOptions;
  readonly #runtime: Runtime;
  /** The history this connection was signed in under. */
  readonly syncEpoch: SyncEpoch;
  #sent: Seq;
  #wanted: Seq;
  #acknowledged: Seq;
  #held = true;
  #reading = false;
  #stopped = false;
  #closed = false;
  /** Reads in a row that ended at a head below `wanted`. */
  #shortReads = 0;
  /** The highest seq heard of since the present read began: what that read shows says nothing about it. */
  #news: Seq = 0;
  #failures = 0;
  #cancelRetry: Cancel | null = null;

  /** Starts held: hints are noted, nothing is written until {@link release}. */
  constructor(start: Seq, syncEpoch: SyncEpoch, outlet: PumpOutlet, options: PumpOptions, runtime: Runtime) {
    this.#sent = start;
    this.#wanted = start;
    this.#acknowledged = start;
    this.syncEpoch = syncEpoch;
    this.#outlet = outlet;
    this.#options = options;
    this.#runtime = runtime;
  }

  /** The last seq written. */
  get sent(): Seq {
    return this.#sent;
  }

  /** The highest seq known to exist. */
  get wanted(): Seq {
    return this.#wanted;
  }

  get isHeld(): boolean {
    return this.#held;
  }

  /** There is a new item. */
  hint(hint: Hint): void {
    if (this.#closed || !this.#sameEpoch(hint.syncEpoch)) return;
    this.#note(hint.seq);
    const direct = !this.#held && !this.#reading && !this.#stopped && hint.seq === this.#sent + 1;
    if (direct && this.#hasRoom()) this.#write(hint.seq, hint.item);
    this.#run();
  }

  /** The inbox reaches to `head`. */
  head(head: Seq, syncEpoch: SyncEpoch): void {
    if (this.#closed || !this.#sameEpoch(syncEpoch)) return;
    this.#note(head);
    this.#run();
  }

  /** The client has everything up to `cursor`. Claims beyond what was sent count as `sent`. */
  acknowledge(cursor: Seq): void {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(cursor, this.#sent));
    this.#goOn();
  }

  /** Bytes have left the socket. */
  flushed(): void {
    this.#goOn();
  }

  /** Writes nothing until {@link release}. */
  hold(): void {
    this.#held = true;
  }

  /** Writes from here on. */
  release(): void {
    this.#held = false;
    this.#run();
  }

  /** What is up to `seq` counts as sent (it went another way), what is above it not (it is asked for again). */
  moveTo(seq: Seq): void {
    this.#sent = seq;
    this.#acknowledged = Math.min(this.#acknowledged, seq);
  }

  /**
   * An own message of a legacy client is stored at `seq`. Answers the seq its ACK may carry: what the client has
   * without gap, so that a cursor set from it skips nothing.
   */
  passOwn(seq: Seq): Seq {
    if (seq === this.#sent + 1) this.#sent = seq;
    return Math.min(seq, this.#sent);
  }

  /** The end; nothing is written any more. */
  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
  }

  #note(seq: Seq): void {
    this.#wanted = Math.max(this.#wanted, seq);
    this.#news = Math.max(this.#news, seq);
  }

  #sameEpoch(syncEpoch: SyncEpoch): boolean {
    if (syncEpoch === this.syncEpoch) return true;
    this.#outlet.onOtherEpoch();
    return false;
  }

  #hasRoom(): boolean {
    if (this.#sent - this.#acknowledged >= this.#options.maxUnacknowledged) return false;
    return this.#outlet.bufferedBytes() < this.#outlet.highWaterBytes();
  }

  #write(seq: Seq, item: PumpItem): void {
    if (item.origin !== this.#options.skipOrigin) this.#outlet.write(item.encode(seq));
    this.#sent = seq;
  }

  #goOn(): void {
    if (!this.#stopped) return;
    if (this.#sent - this.#acknowledged >= this.#options.maxUnacknowledged) return;
    if (this.#outlet.bufferedBytes() * 2 > this.#outlet.highWaterBytes()) return;
    this.#stopped = false;
    this.#run();
  }

  #run(): void {
    if (this.#closed || this.#held || this.#reading || this.#stopped || this.#wanted <= this.#sent) return;
    if (!this.#hasRoom()) {
      this.#stopped = true;
      return;
    }
    this.#reading = true;
    this.#news = 0;
    const after = this.#sent;
    this.#outlet
      .read(after)
      .then((page) => this.#take(page, after))
      .catch((error) => this.#retry(error));
  }

  #take(page: PumpPage, after: Seq): void {
    this.#reading = false;
    this.#failures = 0;
    if (this.#closed || !this.#sameEpoch(page.syncEpoch)) return;
    if (this.#held) return;
    const before = this.#sent;
    for (const { seq, item } of page.items) {
      if (seq <= this.#sent) continue;
      if (seq !== this.#sent + 1) break;
      if (!this.#hasRoom()) {
        this.#stopped = true;
        return;
      }
      this.#write(seq, item);
    }
    // A page asked for from another place (a legacy client's own pages moved it meanwhile) tells nothing about holes here.
    const isBarren = this.#sent === before && page.headSeq > before;
    if (isBarren && after === before) return this.#retry(new HoleError(before + 1));
    this.#believe(page);
    this.#run();
  }

  /** A hint may have lied, or run ahead of what a read can see: one more read decides. */
  #believe(page: PumpPage): void {
    const isShort = this.#sent >= page.headSeq && this.#sent < this.#wanted;
    this.#shortReads = isShort ? this.#shortReads + 1 : 0;
    if (this.#shortReads < 2) return;
    this.#shortReads = 0;
    this.#wanted = Math.max(this.#sent, this.#news);
  }

  #retry(error: unknown): void {
    if (this.#closed) return;
    this.#reading = true;
    this.#outlet.onReadFailed(error);
    const delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    this.#cancelRetry = this.#runtime.setTimer(delayMs, () => {
      this.#reading = false;
      this.#run();
    });
  }
}
