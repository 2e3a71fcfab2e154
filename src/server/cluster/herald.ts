import type { CommitResult, Presence, Route } from "../../adapters/contracts/index.js";
import type { Seq, SyncEpoch, UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import type { Membership } from "./membership.js";
import type { Peers } from "./peers.js";

/** The book of sessions is asked for so many users at once. */
const BATCH = 500;
/** An answer that takes longer is not waited for, ms: the head reading is the better way then. */
const ANSWER_WITHIN_MS = 200;
/** Users whose news wait to be looked up, at most. What is beyond that is left to the head reading. */
const MAX_WAITING = 50_000;

/** What carrying news to other nodes needs. */
export interface HeraldServices {
  readonly presence: Presence;
  readonly membership: Membership;
  readonly peers: Peers;
  readonly runtime: Runtime;
  /** Hears what the book says of this node, for it may be wrong. */
  readonly onOwn: (route: Route) => void;
}

/**
 * Carries the news of a commit to the nodes where its recipients are. One look-up at a time; what is committed meanwhile is in the
 * next. Where the book does not tell in time, every node is told: they have the recipients or not. Whatever is lost on the way is found
 * by the head reading of the other node.
 */
export class Herald {
  readonly #services: HeraldServices;
  #syncEpoch: SyncEpoch = "";
  #waiting = new Map<UserId, Seq>();
  #isLooking = false;
  /** The last look-up failed or took too long, or there was more than could wait. */
  #isLost = false;

  constructor(services: HeraldServices) {
    this.#services = services;
  }

  /** News may have been lost just now, so that looking at the heads more often is worth it. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Something was committed here. */
  announce({ syncEpoch, outcomes }: CommitResult): void {
    if (this.#services.membership.peers.length === 0) return;
    if (syncEpoch !== this.#syncEpoch) this.#waiting.clear();
    this.#syncEpoch = syncEpoch;
    for (const outcome of outcomes) {
      if (outcome.kind !== "stored") continue;
      for (const { userId, seq } of outcome.fresh?.deliveries ?? []) this.#note(userId, seq);
    }
    if (this.#waiting.size > 0 && !this.#isLooking) void this.#lookAll();
  }

  #note(userId: UserId, seq: Seq): void {
    if (this.#waiting.size < MAX_WAITING || this.#waiting.has(userId)) this.#waiting.set(userId, seq);
    else this.#isLost = true;
  }

  async #lookAll(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiting.size > 0) await this.#look(this.#take());
    this.#isLooking = false;
  }

  #take(): Map<UserId, Seq> {
    const taken = new Map([...this.#waiting].slice(0, BATCH));
    for (const userId of taken.keys()) this.#waiting.delete(userId);
    return taken;
  }

  async #look(news: ReadonlyMap<UserId, Seq>): Promise<void> {
    const syncEpoch = this.#syncEpoch;
    const routes = await this.#locate([...news.keys()]);
    // Whatever had no room is over only when little is left to look up.
    this.#isLost = routes === null || (this.#isLost && this.#waiting.size > BATCH);
    for (const [userId, seq] of news) {
      if (routes === null) this.#tellAll(userId, syncEpoch, seq);
      for (const route of routes?.get(userId) ?? []) this.#tell(route, syncEpoch, seq);
    }
  }

  #tell(route: Route, syncEpoch: SyncEpoch, seq: Seq): void {
    const { membership, peers, onOwn } = this.#services;
    const { node, userId } = route;
    if (node.id === membership.id) onOwn(route);
    if (membership.has(node)) peers.news(node.id, syncEpoch, userId, seq);
  }

  /** A number per user and node at most, however long the book is away: the peers keep no more. */
  #tellAll(userId: UserId, syncEpoch: SyncEpoch, seq: Seq): void {
    const { membership, peers } = this.#services;
    for (const { id } of membership.peers) peers.news(id, syncEpoch, userId, seq);
  }

  /** `null` when nobody has told in time. */
  #locate(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Route[]> | null> {
    const { presence, runtime } = this.#services;
    return new Promise((resolve) => {
      const cancel = runtime.setTimer(ANSWER_WITHIN_MS, () => resolve(null));
      presence
        .locate(userIds)
        .then(resolve, () => resolve(null))
        .finally(cancel);
    });
  }
}
