import type {
  CommitResult,
  DevicePolicy,
  Discovery,
  NodeId,
  NodeRpc,
  Presence,
  Route,
} from "../../adapters/contracts/index.js";
import { decodeServerFrames } from "../../core/codec.js";
import type { UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import type { Connection } from "../connections/connection.js";
import type { Session } from "../connections/session.js";
import { type ConnectionTable, REPLACED } from "../connections/table.js";
import type { HealthRecord } from "../health/adapter-health.js";
import type { Logger } from "../logger.js";
import { BookHealth } from "./book-health.js";
import { Herald } from "./herald.js";
import { Membership } from "./membership.js";
import { decodeNotices } from "./notice-codec.js";
import type { Dismissal, KickNotice, OutcomeNotice } from "./notices.js";
import { Peers } from "./peers.js";
import type { PendingOutcomes } from "./pending-outcomes.js";
import { Routes } from "./routes.js";

/** So much older than a login of its own installation a session is at least that the login ends on another node, ms: orders take time. */
const ORDER_WITHIN_MS = 1_000;

/** What the gate is built of. */
export interface GateServices {
  /** Of this process, at random. */
  readonly id: NodeId;
  readonly discovery: Discovery;
  readonly presence: Presence;
  readonly rpc: NodeRpc;
  readonly table: ConnectionTable;
  readonly policy: DevicePolicy;
  readonly maxDevices: number;
  readonly runtime: Runtime;
  readonly outcomes: PendingOutcomes;
  readonly health: Readonly<Record<"discovery" | "presence" | "rpc", HealthRecord>>;
  /** Ends every session of a user on this node. */
  readonly dismiss: (dismissal: Dismissal) => void;
  /** Asks whether the sessions of a user on this node still stand. */
  readonly recheck: (userId: UserId) => void;
  readonly logger: Logger;
}

/** Where this node meets the others. Everything that goes through it may be lost; the storage and the head reading repair it. */
export class Gate {
  readonly #services: GateServices;
  readonly #membership: Membership;
  readonly #bookHealth: BookHealth;
  readonly #peers: Peers;
  readonly #routes: Routes;
  readonly #herald: Herald;
  /** What serves already. */
  readonly #started = new Set<NodeRpc | Presence | Discovery>();

  constructor(services: GateServices) {
    const { id, rpc, presence, runtime, logger, health } = services;
    const membership = new Membership(id);
    const bookHealth = new BookHealth(health.presence);
    const peers = new Peers(rpc, membership, runtime, logger);
    const routes = new Routes({ ...services, membership, bookHealth });
    this.#services = services;
    this.#membership = membership;
    this.#bookHealth = bookHealth;
    this.#peers = peers;
    this.#routes = routes;
    this.#herald = new Herald({ presence, membership, peers, runtime, onOwn: (route) => routes.check(route) });
  }

  /** Other nodes may not hear of what happens here, or this one of what happens there: the heads are to be read more often. */
  get isCutOff(): boolean {
    const { health } = this.#services;
    return this.#membership.self === null || this.#herald.isLost || !health.presence.isUp || !health.rpc.isUp;
  }

  /** Nothing waits to be told to others. */
  get isIdle(): boolean {
    return this.#peers.isIdle;
  }

  /**
   * Listens, then lets itself be found. After a failure it may be called again: what has started then goes on.
   * Errors: `operation_failed` for what no waiting changes.
   */
  async start(): Promise<void> {
    const { rpc, presence, discovery } = this.#services;
    await this.#startOnce(rpc, () => this.#bindRpc());
    const others = await Promise.allSettled([
      this.#startOnce(presence, () => presence.bind({ onCondition: (condition) => this.#bookHealth.tell(condition) })),
      this.#startOnce(discovery, () => this.#bindDiscovery()),
    ]);
    for (const other of others) if (other.status === "rejected") throw other.reason;
    this.#routes.start();
  }

  async #startOnce(part: NodeRpc | Presence | Discovery, bind: () => void): Promise<void> {
    if (this.#started.has(part)) return;
    bind();
    await part.start();
    this.#started.add(part);
  }

  #bindRpc(): void {
    const { id, rpc, health } = this.#services;
    rpc.bind({
      id,
      receive: (bytes) => this.#receive(bytes),
      deliver: (userId, output) => this.#deliver(userId, output),
      onCondition: (condition) => health.rpc.set(condition),
    });
  }

  #bindDiscovery(): void {
    const { id, rpc, discovery, health } = this.#services;
    discovery.bind({
      id,
      address: rpc.address,
      onView: (view) => {
        this.#membership.update(view);
        this.#peers.forgetAbsent();
        this.#routes.membershipChanged();
      },
      onCondition: (condition) => health.discovery.set(condition),
    });
  }

  /**
   * A session is about to begin: false when another device keeps it out. Whoever it replaces on other nodes is sent away.
   * Advice only: where the book of sessions does not answer, nobody is kept out.
   */
  async claim(connection: Connection, session: Session): Promise<boolean> {
    const claim = await this.#routes.claim(connection, session, (displaced) => {
      this.#replace(displaced, connection, session);
    });
    return claim.granted;
  }

  /** A session has ended, or was claimed and did not begin. */
  left(connection: Connection, session: Session): void {
    this.#routes.left(connection, session);
  }

  /** Something was committed here. */
  announce(result: CommitResult): void {
    this.#herald.announce(result);
  }

  /** Every session of a user on every other node is to be ended. */
  dismiss(dismissal: Dismissal): void {
    this.#peers.dismiss(dismissal);
  }

  /** The tokens of a user may have been revoked: every other node is to ask about their sessions. */
  recheck(userId: UserId): void {
    this.#peers.recheck(userId);
  }

  /** What became of an uplink that another node has accepted. */
  outcome(id: NodeId, notice: OutcomeNotice): void {
    this.#peers.outcome(id, notice);
  }

  /** Nobody sends newcomers here any more. */
  async leave(): Promise<void> {
    await this.#services.discovery.leave();
  }

  async close(): Promise<void> {
    const { rpc, presence, discovery } = this.#services;
    this.#routes.stop();
    await this.#routes.releaseAll();
    this.#peers.close();
    await Promise.all([discovery.close(), presence.close(), rpc.close()]);
  }

  #replace(displaced: readonly Route[], { openedAt }: Connection, session: Session): void {
    const ageMs = Math.ceil(this.#services.runtime.elapsed() - openedAt);
    for (const { userId, node, connection, origin } of displaced) {
      const olderThanMs = origin === session.origin ? ageMs + ORDER_WITHIN_MS : 0;
      const kick = { connection, code: REPLACED.code, text: REPLACED.text, olderThanMs };
      if (node.id === this.#services.id) this.#kick(userId, kick);
      else this.#peers.kick(node.id, { userId, ...kick });
    }
  }

  #receive(bytes: Uint8Array): void {
    const { syncEpoch, news, outcomes, kicks, dismissals, rechecks } = decodeNotices(bytes);
    const { table, dismiss, recheck } = this.#services;
    for (const { userId, seq } of news) {
      for (const { stream } of [...table.ofUser(userId)]) stream?.toldOf(seq, syncEpoch);
    }
    for (const notice of outcomes) this.#services.outcomes.settle(notice);
    for (const kick of kicks) this.#kick(kick.userId, kick);
    for (const dismissal of dismissals) dismiss(dismissal);
    for (const userId of rechecks) recheck(userId);
  }

  #kick(userId: UserId, { connection: id, code, text, olderThanMs }: Omit<KickNotice, "userId">): void {
    const { table, runtime } = this.#services;
    for (const connection of [...table.ofUser(userId)]) {
      const isOlder = runtime.elapsed() - connection.openedAt >= olderThanMs;
      if (connection.id === id && isOlder) connection.kick(code, text);
    }
  }

  /** Of what somebody brings only the place in the inbox counts; the item itself is read from the storage. */
  #deliver(userId: UserId, output: Uint8Array): boolean {
    const connections = [...this.#services.table.ofUser(userId)];
    for (const frame of decodeServerFrames(output)) {
      if (frame.kind !== "push") continue;
      for (const { stream } of connections) stream?.toldOf(frame.item.seq, null);
    }
    return connections.length > 0;
  }
}
