import type { ClusterView, MessageQueueHost, Outcome, QueueRecord, Uplink } from "../../../adapters/contracts/index.js";
import type { MessageId } from "../../../core/model.js";
import type { NodeAdapters } from "../../../server/cluster/create-cluster.js";
import { decodeNotices } from "../../../server/cluster/notice-codec.js";
import { decodeQueuedUplink } from "../../../server/delivery/uplink-codec.js";
import type { VirtualRuntime } from "../../fakes/virtual-time.js";
import type { ProbeCounts } from "../probes.js";
import type { StorageObserver } from "../storage/sim-storage.js";
import type { StorageSite } from "../storage/storage-site.js";
import type { Holder, RecordsInHand } from "./records-in-hand.js";

/** What a tap looks at, and where it counts. */
export interface TapSurroundings {
  readonly inHand: RecordsInHand;
  readonly site: StorageSite;
  readonly probes: ProbeCounts;
  readonly runtime: VirtualRuntime;
  /** The node reaches nothing but its clients and the storage. */
  readonly isCutOff: () => boolean;
  /** The node told the queue that it has taken what the storage has not decided. */
  readonly onDropped: (messageId: MessageId) => void;
}

/** Listens to what one node says and hears, and counts the rare paths of a cluster. It changes nothing. */
export class NodeTap implements StorageObserver, Holder {
  /** Called once. */
  beforeNextCommit: (() => void) | null = null;
  readonly #around: TapSurroundings;
  #id = "";
  #view: ClusterView = { self: null, nodes: [] };
  #lastEpoch = "";
  readonly #published = new Set<MessageId>();
  readonly #decided = new Set<MessageId>();
  readonly #failing = new Set<string>();

  constructor(around: TapSurroundings) {
    this.#around = around;
  }

  get isDead(): boolean {
    return this.#around.runtime.dead;
  }

  /** The node's name; `""` before its start. */
  get id(): string {
    return this.#id;
  }

  /** The registration it has; `null` while it has none. */
  get self(): ClusterView["self"] {
    return this.#view.self;
  }

  /** The same parts, overheard. */
  wrap(parts: NodeAdapters): NodeAdapters {
    return {
      discovery: this.#wrapDiscovery(parts.discovery),
      presence: this.#wrapPresence(parts.presence),
      rpc: this.#wrapRpc(parts.rpc),
      queue: parts.queue === undefined ? undefined : this.#wrapQueue(parts.queue),
    };
  }

  onCommit(batch: readonly Uplink[]): void {
    this.beforeNextCommit?.();
    this.beforeNextCommit = null;
    const own = batch.filter(({ messageId }) => this.#published.has(messageId) && !this.#hasInHand(messageId));
    if (own.length > 0) this.#around.probes.hit("origin_committed");
  }

  onLanded(): void {
    if (this.#around.runtime.frozen) this.#around.probes.hit("late_commit");
  }

  onDecided({ messageId }: Uplink, { kind }: Outcome): void {
    this.#decided.add(messageId);
    if (kind === "stale" && this.#hasInHand(messageId)) this.#around.probes.hit("stale_record");
  }

  onHeadsRead(): void {
    if (this.#around.isCutOff()) this.#around.probes.hit("cut_off_poll");
  }

  #wrapDiscovery(inner: NodeAdapters["discovery"]): NodeAdapters["discovery"] {
    return {
      start: () => inner.start(),
      leave: () => inner.leave(),
      close: () => inner.close(),
      bind: (host) => {
        this.#id = host.id;
        inner.bind({ ...host, onView: (view) => this.#sees(view, () => host.onView(view)) });
      },
    };
  }

  #sees(view: ClusterView, tell: () => void): void {
    this.#view = view;
    const epoch = view.self?.epoch ?? this.#lastEpoch;
    if (this.#lastEpoch !== "" && epoch !== this.#lastEpoch) this.#around.probes.hit("registered_again");
    this.#lastEpoch = epoch;
    tell();
  }

  #wrapPresence(inner: NodeAdapters["presence"]): NodeAdapters["presence"] {
    return {
      start: () => inner.start(),
      close: () => inner.close(),
      bind: (host) => inner.bind(host),
      claim: (request) => inner.claim(request),
      renew: (routes) => inner.renew(routes),
      release: (routes) => inner.release(routes),
      locate: async (userIds) => {
        const found = await inner.locate(userIds);
        const isKnown = ({ id, epoch }: { id: string; epoch: string }): boolean =>
          this.#view.nodes.some((node) => node.id === id && node.epoch === epoch);
        if ([...found.values()].flat().some(({ node }) => !isKnown(node))) this.#around.probes.hit("dead_route");
        return found;
      },
    };
  }

  #wrapRpc(inner: NodeAdapters["rpc"]): NodeAdapters["rpc"] {
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
        if (this.#failing.delete(peer.id)) this.#around.probes.hit("peer_retry");
        await inner.send(peer, bytes).catch((error) => {
          this.#failing.add(peer.id);
          throw error;
        });
      },
    };
  }

  #hears(bytes: Uint8Array): void {
    const { probes } = this.#around;
    const { news, outcomes, kicks } = decodeNotices(bytes);
    if (news.length > 0) probes.hit("hint_crossed");
    if (outcomes.length > 0) probes.hit("outcome_crossed");
    if (kicks.length > 0) probes.hit("kick_crossed");
  }

  #wrapQueue(inner: NonNullable<NodeAdapters["queue"]>): NonNullable<NodeAdapters["queue"]> {
    return {
      start: () => inner.start(),
      close: () => inner.close(),
      stopTaking: () => inner.stopTaking(),
      bind: (host) => inner.bind({ ...host, take: (records) => this.#take(host, records) }),
      publish: (records) => {
        for (const messageId of idsOf(records)) this.#published.add(messageId);
        return inner.publish(records);
      },
    };
  }

  async #take(host: MessageQueueHost, records: readonly QueueRecord[]): ReturnType<MessageQueueHost["take"]> {
    const messageIds = idsOf(records);
    for (const messageId of messageIds) this.#receive(messageId);
    try {
      const taken = await host.take(records);
      for (const messageId of messageIds) if (!this.#decided.has(messageId)) this.#around.onDropped(messageId);
      return taken;
    } finally {
      for (const messageId of messageIds) this.#around.inHand.giveBack(messageId, this);
    }
  }

  #receive(messageId: MessageId): void {
    const { inHand, site, probes } = this.#around;
    if (site.has(messageId)) probes.hit("queued_repeat");
    if (inHand.isElsewhere(messageId, this)) probes.hit("zombie_record");
    inHand.take(messageId, this);
  }

  #hasInHand(messageId: MessageId): boolean {
    return this.#around.inHand.has(messageId, this);
  }
}

function idsOf(records: readonly QueueRecord[]): readonly MessageId[] {
  return records.map(({ value }) => decodeQueuedUplink(value).uplink.messageId);
}
