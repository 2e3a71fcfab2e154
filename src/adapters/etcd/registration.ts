import { toHex } from "../../core/bytes.js";
import type { NodeId, NodeInfo } from "../contracts/nodes.js";
import type { EtcdSession } from "./etcd-session.js";
import type { NodeRecord } from "./node-record.js";

const EPOCH_BYTES = 8;
/** Two registrations are at least so far apart, ms: two nodes that fight for one id do not flood etcd. */
const MIN_GAP_MS = 500;

/** What etcd has of this node, and as of when. */
export type Heard = Omit<NodeRecord, "id">;

/** What a registration needs to know. */
export interface RegistrationSettings {
  readonly id: NodeId;
  readonly address: string;
  readonly leaseSeconds: number;
  /** Told when `self` has changed. */
  onChange(): void;
}

/** This node's own registration: made under a lease, prolonged, lost, and made again under another epoch. */
export class Registration {
  readonly #settings: RegistrationSettings;
  #self: NodeInfo | null = null;
  #lease: string | null = null;
  /** What etcd tells about earlier revisions is about an earlier registration. */
  #revision = 0n;
  #heard: Heard = { node: null, revision: 0n };
  #madeAt = Number.NEGATIVE_INFINITY;
  #isLeaving = false;
  #keeping: Promise<boolean> | null = null;
  #expiry: NodeJS.Timeout | undefined;

  constructor(settings: RegistrationSettings) {
    this.#settings = settings;
  }

  /** `null` while there is none, or none that anybody could count on. */
  get self(): NodeInfo | null {
    return this.#self;
  }

  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /**
   * Sees to it that it lives: prolongs it, or makes a new one. False when there is none, though there should be. Rejects when etcd
   * cannot be asked.
   */
  keep(session: EtcdSession): Promise<boolean> {
    this.#keeping ??= this.#keep(session).finally(() => {
      this.#keeping = null;
    });
    return this.#keeping;
  }

  /** What etcd has about this node at a revision. */
  hear(heard: Heard): void {
    this.#heard = heard;
    if (heard.revision >= this.#revision && heard.node?.epoch !== this.#self?.epoch) this.#lose();
  }

  /** Takes it back, for good. Never rejects. */
  async leave(session: EtcdSession | null): Promise<void> {
    this.#isLeaving = true;
    this.#lose();
    await this.#keeping?.catch(() => undefined);
    const lease = this.#lease;
    this.#lease = null;
    if (lease !== null) await session?.revoke(lease).catch(() => undefined);
  }

  async #keep(session: EtcdSession): Promise<boolean> {
    if (this.#isLeaving) await session.list();
    else if (!(await this.#prolong(session))) await this.#make(session);
    return this.#self !== null || this.#isLeaving;
  }

  async #prolong(session: EtcdSession): Promise<boolean> {
    if (this.#self === null || this.#lease === null) return false;
    const askedAt = performance.now();
    const seconds = await session.keepAlive(this.#lease);
    if (this.#self === null) return false;
    if (seconds > 0) this.#expireAt(askedAt, seconds);
    else this.#lose();
    return seconds > 0;
  }

  async #make(session: EtcdSession): Promise<void> {
    const { id, address, leaseSeconds } = this.#settings;
    const askedAt = performance.now();
    if (this.#isLeaving || askedAt - this.#madeAt < MIN_GAP_MS) return;
    this.#madeAt = askedAt;
    const node = { id, address, epoch: toHex(crypto.getRandomValues(new Uint8Array(EPOCH_BYTES))) };
    const lease = await session.grant(leaseSeconds);
    this.#lease = lease.id;
    if (this.#isLeaving) return;
    this.#revision = await session.put(node, lease.id);
    if (this.#isLeaving) return;
    this.#self = node;
    this.#expireAt(askedAt, lease.seconds);
    this.#settings.onChange();
    // It may have been ended before its own answer came.
    this.hear(this.#heard);
  }

  /** Counted from when etcd was asked, so never longer than etcd counts. */
  #expireAt(askedAt: number, seconds: number): void {
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#lose(), askedAt + seconds * 1_000 - performance.now());
  }

  #lose(): void {
    clearTimeout(this.#expiry);
    if (this.#self === null) return;
    this.#self = null;
    this.#settings.onChange();
  }
}
