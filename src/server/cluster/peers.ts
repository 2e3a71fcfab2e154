import type { NodeId, NodeRpc } from "../../adapters/contracts/index.js";
import type { Seq, SyncEpoch, UserId } from "../../core/model.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { Membership } from "./membership.js";
import { encodeNotices } from "./notice-codec.js";
import type { Dismissal, KickNotice, NoticeBatch, OutcomeNotice } from "./notices.js";
import { PeerOutbox, type WaitingBatch, type WaitingDismissal, type WaitingKick } from "./peer-outbox.js";

/** After a failure a peer is tried again so much later, ms. */
const RETRY_MS = 200;

interface Peer {
  readonly outbox: PeerOutbox;
  isSending: boolean;
  /** The last batch did not arrive. */
  isAway: boolean;
}

/**
 * Tells other nodes what concerns their clients. One batch at a time is under way to each; what comes up meanwhile is the next. A
 * peer that does not answer is tried again as long as it is in the cluster; nobody waits for it.
 */
export class Peers {
  readonly #rpc: NodeRpc;
  readonly #membership: Membership;
  readonly #runtime: Runtime;
  readonly #peers = new Map<NodeId, Peer>();
  readonly #timers = new Set<Cancel>();
  #isClosed = false;

  constructor(rpc: NodeRpc, membership: Membership, runtime: Runtime) {
    this.#rpc = rpc;
    this.#membership = membership;
    this.#runtime = runtime;
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
    const peer = this.#peers.get(id) ?? { outbox: new PeerOutbox(), isSending: false, isAway: false };
    this.#peers.set(id, peer);
    add(peer.outbox);
    if (!peer.isSending) this.#sendSoon(id, peer);
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
    const batch = peer.outbox.take();
    try {
      await this.#rpc.send(node, encodeNotices(this.#aged(batch)));
      peer.isAway = false;
    } catch {
      // The adapter tells that it is down; here only the repeat matters.
      peer.outbox.putBack(batch);
      peer.isAway = true;
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
