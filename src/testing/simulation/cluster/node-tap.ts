import type {
  ClusterView,
  MessageQueueHost,
  NodeId,
  Outcome,
  QueueRecord,
  Route,
  Uplink,
} from "../../../adapters/contracts/index.js";
import type { MessageId, Origin, UserId } from "../../../core/model.js";
import type { NodeAdapters } from "../../../server/cluster/create-cluster.js";
import { decodeQueuedUplink } from "../../../server/delivery/uplink-codec.js";
import type { VirtualRuntime } from "../../fakes/virtual-time.js";
import type { ProbeCounts } from "../probes.js";
import type { StorageObserver } from "../storage/sim-storage.js";
import type { StorageSite } from "../storage/storage-site.js";
import type { Holder, RecordsInHand } from "./records-in-hand.js";
import { RpcTap } from "./rpc-tap.js";

/** What a tap looks at, and where it counts. */
export interface TapSurroundings {
  readonly inHand: RecordsInHand;
  readonly site: StorageSite;
  readonly probes: ProbeCounts;
  readonly runtime: VirtualRuntime;
  /** The node reaches nothing but its clients and the storage. */
  readonly isCutOff: () => boolean;
  /** Whether a user has a connection to this node. */
  readonly isHere: (userId: UserId) => boolean;
  /** What the node told the queue about a record is not so; `null` for one that nobody can read. */
  readonly onDropped: (messageId: MessageId | null) => void;
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
  /** Where each installation was when it was last looked up. */
  readonly #places = new Map<Origin, NodeId>();
  readonly #rpc: RpcTap;

  constructor(around: TapSurroundings) {
    this.#around = around;
    this.#rpc = new RpcTap(around.probes, around.isHere);
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
      rpc: this.#rpc.wrap(parts.rpc),
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

  onDecided({ messageId }: Uplink, outcome: Outcome): void {
    this.#decided.add(messageId);
    this.#rpc.decided(outcome);
    if (outcome.kind === "stale" && this.#hasInHand(messageId)) this.#around.probes.hit("stale_record");
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
        for (const route of [...found.values()].flat()) this.#reads(route);
        return found;
      },
    };
  }

  #reads({ node: { id, epoch }, origin }: Route): void {
    const { probes } = this.#around;
    if (!this.#view.nodes.some((node) => node.id === id && node.epoch === epoch)) return probes.hit("dead_route");
    const place = this.#places.get(origin) ?? id;
    if (place !== id) probes.hit("route_moved");
    this.#places.set(origin, id);
  }

  #wrapQueue(inner: NonNullable<NodeAdapters["queue"]>): NonNullable<NodeAdapters["queue"]> {
    return {
      start: () => inner.start(),
      close: () => inner.close(),
      stopTaking: () => inner.stopTaking(),
      bind: (host) => inner.bind({ ...host, take: (records) => this.#take(host, records) }),
      publish: (records) => {
        for (const messageId of records.map(idOf)) if (messageId !== null) this.#published.add(messageId);
        return inner.publish(records);
      },
    };
  }

  async #take(host: MessageQueueHost, records: readonly QueueRecord[]): ReturnType<MessageQueueHost["take"]> {
    const messageIds = records.map(idOf);
    const uplinks = messageIds.filter((messageId) => messageId !== null);
    for (const messageId of uplinks) this.#receive(messageId);
    try {
      const taken = await host.take(records);
      for (const [place, messageId] of messageIds.entries()) this.#took(messageId, taken.dead.includes(place));
      return taken;
    } finally {
      for (const messageId of uplinks) this.#around.inHand.giveBack(messageId, this);
    }
  }

  /** What can be read is decided, everything else is put aside. */
  #took(messageId: MessageId | null, isDead: boolean): void {
    const { probes, onDropped } = this.#around;
    if (messageId === null && isDead) probes.hit("dead_letter");
    else if (messageId === null || isDead || !this.#decided.has(messageId)) onDropped(messageId);
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

/** `null` for what is no uplink. */
function idOf({ value }: QueueRecord): MessageId | null {
  try {
    return decodeQueuedUplink(value).uplink.messageId;
  } catch {
    return null;
  }
}
