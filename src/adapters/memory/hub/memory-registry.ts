import type { Cancel } from "../../../core/runtime.js";
import type { NodeId, NodeInfo, NodeKey } from "../../contracts/nodes.js";
import type { HubTimers } from "./hub-timers.js";

/** A registration of a node that is not heard any more ends after so long, ms. */
export const LEASE_MS = 10_000;

interface Registration {
  readonly node: NodeInfo;
  /** When it ends, elapsed ms; Infinity while its node is heard. */
  endsAt: number;
}

/** Which nodes there are, as all discoveries of a hub share it. It keeps a timer only while somebody watches. */
export class MemoryRegistry {
  readonly #timers: HubTimers;
  readonly #registrations = new Map<NodeId, Registration>();
  readonly #watchers = new Set<() => void>();
  #cancel: Cancel | null = null;

  constructor(timers: HubTimers) {
    this.#timers = timers;
  }

  /** Every registration that lives, in the order of registering. */
  list(): readonly NodeInfo[] {
    const now = this.#timers.elapsed();
    return [...this.#registrations.values()].filter(({ endsAt }) => endsAt > now).map(({ node }) => node);
  }

  /** `run` is called at every change, before whoever made it hears of it. */
  watch(run: () => void): Cancel {
    this.#watchers.add(run);
    this.#arm();
    return () => {
      this.#watchers.delete(run);
      this.#arm();
    };
  }

  /** Enters a registration, in place of an earlier one of the same node. */
  register(node: NodeInfo): void {
    this.#registrations.delete(node.id);
    this.#registrations.set(node.id, { node, endsAt: Number.POSITIVE_INFINITY });
    this.#tell();
  }

  /** Ends this registration, and no later one of the node. */
  remove({ id, epoch }: NodeKey): void {
    if (this.#registrations.get(id)?.node.epoch !== epoch) return;
    this.#registrations.delete(id);
    this.#tell();
  }

  /** Ends whatever registration the node has. */
  expire(id: NodeId): void {
    if (this.#registrations.delete(id)) this.#tell();
  }

  /** Ends every registration. */
  clear(): void {
    this.#registrations.clear();
    this.#tell();
  }

  /** A node is heard, or not any more: then what it has ends after {@link LEASE_MS}, unless it is heard again before. */
  setHeard(id: NodeId, isHeard: boolean): void {
    const registration = this.#registrations.get(id);
    const now = this.#timers.elapsed();
    if (registration === undefined || registration.endsAt <= now) return;
    if (isHeard) registration.endsAt = Number.POSITIVE_INFINITY;
    else registration.endsAt = Math.min(registration.endsAt, now + LEASE_MS);
    this.#arm();
  }

  #tell(): void {
    this.#arm();
    for (const run of [...this.#watchers]) run();
  }

  /** One timer, for the registration that ends first. */
  #arm(): void {
    this.#cancel?.();
    this.#cancel = null;
    const first = Math.min(...[...this.#registrations.values()].map(({ endsAt }) => endsAt));
    if (this.#watchers.size === 0 || first === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#timers.setTimer(Math.max(0, first - this.#timers.elapsed()), () => this.#sweep());
  }

  #sweep(): void {
    const now = this.#timers.elapsed();
    let hasEnded = false;
    for (const [id, { endsAt }] of this.#registrations) {
      if (endsAt <= now) hasEnded = this.#registrations.delete(id);
    }
    if (hasEnded) this.#tell();
    else this.#arm();
  }
}
