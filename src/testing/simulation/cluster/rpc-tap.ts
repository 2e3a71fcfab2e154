import type { NodeId, NodeRpc, Outcome } from "../../../adapters/contracts/index.js";
import type { Seq, UserId } from "../../../core/model.js";
import { decodeNotices } from "../../../server/cluster/notice-codec.js";
import type { News } from "../../../server/cluster/notices.js";
import type { ProbeCounts } from "../probes.js";

/** Listens to what one node says to others and hears from them, and counts the rare paths. It changes nothing. */
export class RpcTap {
  readonly #probes: ProbeCounts;
  readonly #isHere: (userId: UserId) => boolean;
  readonly #failing = new Set<NodeId>();
  /** What this node has committed, by inbox. */
  readonly #own = new Map<UserId, Seq[]>();
  /** Up to where a peer was told of an inbox. */
  readonly #told = new Map<string, Seq>();

  /** @param isHere whether a user has a connection to this node */
  constructor(probes: ProbeCounts, isHere: (userId: UserId) => boolean) {
    this.#probes = probes;
    this.#isHere = isHere;
  }

  /** The same line, overheard. */
  wrap(inner: NodeRpc): NodeRpc {
    return {
      start: () => inner.start(),
      close: () => inner.close(),
      get address() {
        return inner.address;
      },
      forget: (peer) => inner.forget(peer),
      bind: (host) =>
        inner.bind({
          ...host,
          receive: (bytes) => {
            this.#hears(bytes);
            host.receive(bytes);
          },
        }),
      send: async (peer, bytes) => {
        this.#says(peer.id, bytes);
        await inner.send(peer, bytes).catch((error) => {
          this.#failing.add(peer.id);
          throw error;
        });
      },
    };
  }

  /** This node has heard what the storage decided. */
  decided(outcome: Outcome): void {
    if (outcome.kind !== "stored") return;
    for (const { userId, seq } of outcome.fresh?.deliveries ?? []) {
      const seqs = this.#own.get(userId) ?? [];
      this.#own.set(userId, seqs);
      seqs.push(seq);
    }
  }

  #says(peer: NodeId, bytes: Uint8Array): void {
    if (this.#failing.delete(peer)) this.#probes.hit("peer_retry");
    for (const news of decodeNotices(bytes).news) this.#tells(peer, news);
  }

  #tells(peer: NodeId, { userId, seq }: News): void {
    const told = this.#told.get(`${peer} ${userId}`) ?? 0;
    const meant = this.#own.get(userId)?.filter((own) => own > told && own <= seq) ?? [];
    if (meant.length > 1) this.#probes.hit("news_collapsed");
    this.#told.set(`${peer} ${userId}`, Math.max(told, seq));
  }

  #hears(bytes: Uint8Array): void {
    const { news, outcomes, kicks, dismissals } = decodeNotices(bytes);
    if (news.length > 0) this.#probes.hit("hint_crossed");
    if (outcomes.length > 0) this.#probes.hit("outcome_crossed");
    if (kicks.length > 0) this.#probes.hit("kick_crossed");
    if (dismissals.some(({ userId }) => this.#isHere(userId))) this.#probes.hit("disconnect_crossed");
    if (news.some(({ userId }) => !this.#isHere(userId))) this.#probes.hit("stale_route");
  }
}
