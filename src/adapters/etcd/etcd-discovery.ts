import type { Discovery, DiscoveryHost } from "../contracts/discovery.js";
import { EtcdNode, type EtcdNodeSettings } from "./etcd-node.js";
import { placesOf } from "./etcd-place.js";
import { loadEtcd3 } from "./load-etcd3.js";
import { assertNode } from "./node-record.js";
import { assertOptions, type EtcdDiscoveryOptions } from "./options.js";
import { Pause } from "./pause.js";

const DEFAULT_LEASE_SECONDS = 10;
/** A start that reaches nobody resolves after so long, ms. */
const START_LIMIT_MS = 3_000;

/** A discovery by etcd. */
export class EtcdDiscovery implements Discovery {
  readonly #settings: EtcdNodeSettings;
  readonly #startLimit = new Pause();
  #node: EtcdNode | null = null;
  #starting: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  /** Use {@link etcdDiscovery}. */
  constructor(options: EtcdDiscoveryOptions) {
    this.#settings = { places: placesOf(options), leaseSeconds: options.leaseSeconds ?? DEFAULT_LEASE_SECONDS };
  }

  /** Errors: `invalid_argument` for an id or an address that others could not read. */
  bind(host: DiscoveryHost): void {
    if (this.#starting !== null)
      throw new Error("etcdDiscovery runs with the host it has: bind() comes before start()");
    assertNode(host.id, host.address);
    // What is left of a start that failed.
    this.#node?.end();
    this.#node = new EtcdNode(this.#settings, host);
  }

  /**
   * Errors: `operation_failed` without the package etcd3 and when etcd turns us away (a password, a right); then it may be called again.
   */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch((error) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  async leave(): Promise<void> {
    await this.#node?.leave();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #start(): Promise<void> {
    if (this.#node === null) throw new Error("bind() comes before start()");
    const library = await loadEtcd3();
    if (this.#closing !== null) return;
    let isStarting = true;
    const ready = (): void => this.#startLimit.end();
    const running = this.#node.run(library, () => isStarting, ready);
    await Promise.race([running, this.#startLimit.for(START_LIMIT_MS)]).finally(ready);
    isStarting = false;
  }

  async #close(): Promise<void> {
    await this.leave();
    this.#node?.end();
    this.#startLimit.end();
  }
}

/**
 * Nodes that find each other by etcd 3.4 or later: each has one key under a lease, and watches those of the others. Nothing is
 * opened before `start`.
 * Errors: one `invalid_argument` that lists every problem with the options.
 */
export function etcdDiscovery(options: EtcdDiscoveryOptions): EtcdDiscovery {
  assertOptions(options);
  return new EtcdDiscovery(options);
}
