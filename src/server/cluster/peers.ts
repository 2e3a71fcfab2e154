import type { NodeId, NodeRpc } from "../../adapters/contracts/index.js";
import { isImError } from "../../core/errors.js";
import type { Seq, SyncEpoch, UserId } from "../../core/model.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { Logger } from "../logger.js";
import { BatchSize } from "./batch-size.js";
import { DropLog } from "./drop-log.js";
import type { Membership } from "./membership.js";
import { encodeNotices } from "./notice-codec.js";
import type { Dismissal, KickNotice, NoticeBatch, OutcomeNotice } from "./notices.js";
import { PeerOutbox, type WaitingBatch, type WaitingDismissal, type WaitingKick } from "./peer-outbox.js";

/** After a failure a peer is tried again so much later, ms. */
const RETRY_MS = 200;

interface Peer {
  readonly outbox: PeerOutbox;
  readonly size: BatchSize;
  readonly drops: DropLog;
  isSending: boolean;
  /** The last batch did not arrive. */
  isAway: boolean;
}

/**
 * Tells other nodes what concerns their clients. One batch at a time is under way to each; what comes up meanwhile is the next. A
 * peer that does not answer is tried again as long as it is in the cluster; nobody waits for it. What a peer throws at is looked for,
 * half by half, and left out: nothing else is lost with it.
 */
export class Peers {
  readonly #rpc: NodeRpc;
  readonly #membership: Membership;
  readonly #runtime: Runtime;
  readonly #logger: Logger;
  readonly #peers = new Map<NodeId, Peer>();
  readonly #timers = new Set<Cancel>();
  #isClosed = false;

  constructor(rpc: NodeRpc, membership: Membership, runtime: Runtime, logger: Logger) {
    this.#rpc = rpc;
    this.#membership = membership;
    this.#runtime = runtime;
    this.#logger = logger;
  }

  /** Nothing waits to be told to a peer that listens. */
  get isIdle(): boolean {
    return [...this.#peers.values()].every(({ outbox, isSending, isAway }) => isAway || (outbox.isEmpty && !isSending));
  }

  news(id: NodeId, syncEpoch: SyncEpoch, userId: UserId, seq: Seq): void {
    this.#tell(id, (outbox) => outbox.addNews(syncEpoch, userId, seq));
  }

  outcome(id: NodeId, notice: OutcomeNotice): void {
    this.#tell(id, (outbox) => outbox.addOutcome(notice));
  }

  kick(id: NodeId, notice: KickNotice): void {
    const orderedAt = this.#runtime.elapsed();
    this.#tell(id, (outbox) => outbox.addKick({ ...notice, orderedAt }));
  }

  /** Told to all: the book of sessions may be wrong about where this user is. */
  dismiss(notice: Dismissal): void {
    const orderedAt = this.#runtime.elapsed();
    for (const { id } of this.#membership.peers)
      this.#tell(id, (outbox) => outbox.addDismissal({ ...notice, orderedAt }));
  }

  /** Told to all, for the same reason. */
  recheck(userId: UserId): void {
    for (const { id } of this.#membership.peers) this.#tell(id, (outbox) => outbox.addRecheck(userId));
  }

  /** Forgets whoever has left the cluster, with all that was to be told. */
  forgetAbsent(): void {
    for (const id of [...this.#peers.keys()]) {
      if (this.#membership.peer(id) !== undefined) continue;
      this.#peers.delete(id);
      this.#rpc.forget(id);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers) cancel();
    this.#peers.clear();
  }

  #tell(id: NodeId, add: (outbox: PeerOutbox) => void): void {
    if (this.#isClosed || this.#membership.peer(id) === undefined) return;
    const peer = this.#peers.get(id) ?? this.#newPeer(id);
    this.#peers.set(id, peer);
    add(peer.outbox);
    if (!peer.isSending) this.#sendSoon(id, peer);
  }

  #newPeer(id: NodeId): Peer {
    const drops = new DropLog(id, this.#logger, this.#runtime);
    const outbox = new PeerOutbox((count) => drops.add(count, "more waits for it than may"));
    return { outbox, size: new BatchSize(), drops, isSending: false, isAway: false };
  }

  /** What comes up in one turn leaves together. */
  #sendSoon(id: NodeId, peer: Peer): void {
    peer.isSending = true;
    this.#runtime.endOfTurn(() => void this.#send(id, peer));
  }

  async #send(id: NodeId, peer: Peer): Promise<void> {
    while (!peer.outbox.isEmpty && !this.#isClosed && this.#peers.get(id) === peer) {
      if (!(await this.#sendBatch(id, peer))) await this.#sleep(RETRY_MS);
    }
    peer.isSending = false;
  }

  async #sendBatch(id: NodeId, peer: Peer): Promise<boolean> {
    const node = this.#membership.peer(id);
    if (node === undefined) return false;
    const batch = peer.outbox.take(peer.size.bytes);
    let size = 0;
    try {
      const bytes = encodeNotices(this.#aged(batch));
      size = bytes.length;
      await this.#rpc.send(node, bytes);
      peer.isAway = false;
      peer.size.arrived();
    } catch (error) {
      // The adapter tells that it is down; here only the repeat matters.
      peer.isAway = !isImError(error) || error.code === "unavailable";
      if (peer.isAway) putBackLate(peer, batch);
      else putBackRefused(peer, batch, size, error);
    }
    return !peer.isAway;
  }

  /** Orders have waited, and the sessions they are about have grown older. */
  #aged(batch: WaitingBatch): NoticeBatch {
    return {
      ...batch,
      kicks: batch.kicks.map((kick) => this.#agedKick(kick)),
      dismissals: batch.dismissals.map((dismissal) => this.#agedDismissal(dismissal)),
    };
  }

  #agedKick({ orderedAt, ...kick }: WaitingKick): KickNotice {
    if (kick.olderThanMs === 0) return kick;
    return { ...kick, olderThanMs: Math.ceil(kick.olderThanMs + this.#runtime.elapsed() - orderedAt) };
  }

  #agedDismissal({ orderedAt, ...dismissal }: WaitingDismissal): Dismissal {
    return { ...dismissal, olderThanMs: Math.floor(dismissal.olderThanMs + this.#runtime.elapsed() - orderedAt) };
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#timers.delete(wake);
        cancel();
        resolve();
      };
      const cancel = this.#runtime.setTimer(delayMs, wake);
      this.#timers.add(wake);
    });
  }
}

/** Smaller, it may arrive in time. */
function putBackLate({ outbox, size }: Peer, batch: WaitingBatch): void {
  outbox.putBack(batch);
  size.late();
}

/** The peer is there and threw. Alone, the notice it threw at is left out; until then it is somewhere in one half. */
function putBackRefused({ outbox, size, drops }: Peer, batch: WaitingBatch, bytes: number, error: unknown): void {
  if (countOf(batch) > 1) {
    outbox.putBack(batch);
    size.refused(bytes);
  } else {
    drops.add(1, "it threw at them", error);
    size.found();
  }
}

function countOf({ news, outcomes, kicks, dismissals, rechecks }: NoticeBatch): number {
  return [news, outcomes, kicks, dismissals, rechecks].reduce((count, { length }) => count + length, 0);
}
