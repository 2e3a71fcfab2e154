import { toHex } from "../../../core/bytes.js";
import type { Cancel } from "../../../core/runtime.js";
import type { Discovery, DiscoveryHost } from "../../contracts/discovery.js";
import type { NodeInfo } from "../../contracts/nodes.js";
import type { MemoryLine } from "./memory-line.js";
import { LEASE_MS, type MemoryRegistry } from "./memory-registry.js";

/** Between two tries to register, ms. */
const RETRY_MS = 1_000;
const EPOCH_BYTES = 8;

/** A discovery inside one process: one node's own handle on the registry of its hub. */
export class MemoryDiscovery implements Discovery {
  readonly #registry: MemoryRegistry;
  readonly #line: MemoryLine;
  #host: DiscoveryHost | null = null;
  #self: NodeInfo | null = null;
  #nodes: readonly NodeInfo[] = [];
  #told = "";
  #isLeaving = false;
  #registering: Promise<void> | null = null;
  /** Ends the own registration when the registry was out of reach for too long. */
  #cancelLease: Cancel | null = null;
  #stopWatching: readonly Cancel[] = [];
  #closing: Promise<void> | null = null;

  /** Use `hub.discovery()`. */
  constructor(registry: MemoryRegistry, line: MemoryLine) {
    this.#registry = registry;
    this.#line = line;
  }

  bind(host: DiscoveryHost): void {
    this.#line.assertNotOpen();
    this.#host = host;
  }

  async start(): Promise<void> {
    if (this.#host === null) throw new Error("bind() comes before start()");
    const host = this.#host;
    if (!this.#line.open((condition) => host.onCondition(condition))) return;
    this.#stopWatching = [
      this.#registry.watch(() => this.#line.tell(() => this.#hear(this.#registry.list()))),
      this.#line.link.watch(() => this.#onLink()),
    ];
    await this.#line.reach();
    await this.#look();
  }

  async leave(): Promise<void> {
    this.#isLeaving = true;
    await this.#registering;
    const self = this.#self;
    this.#self = null;
    this.#tell();
    if (self !== null) await this.#line.call(() => this.#registry.remove(self)).catch(() => undefined);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#line.isOpen) await this.leave();
    for (const stop of this.#stopWatching) stop();
    this.#line.close();
    // What could not be taken back ends by itself.
    if (this.#host !== null) this.#registry.setHeard(this.#host.id, false);
  }

  #onLink(): void {
    const { link } = this.#line;
    if (this.#host !== null) this.#registry.setHeard(this.#host.id, link.isHeard);
    if (!link.isUp) this.#cancelLease ??= this.#line.later(LEASE_MS, () => this.#loseSelf());
    else this.#line.tell(() => void this.#look());
  }

  /** Asks what the registry has, and enters what it ought to have. */
  async #look(): Promise<void> {
    const nodes = await this.#line.call(() => this.#registry.list()).catch(() => null);
    if (nodes === null) return;
    this.#cancelLease?.();
    this.#cancelLease = null;
    await this.#hear(nodes);
  }

  async #hear(nodes: readonly NodeInfo[]): Promise<void> {
    this.#nodes = nodes;
    const self = this.#self;
    if (self !== null && !nodes.some(({ id, epoch }) => id === self.id && epoch === self.epoch)) this.#self = null;
    this.#tell();
    if (this.#self === null) await this.#register();
  }

  /** Repeats itself until it is registered; one try at a time. */
  #register(): Promise<void> {
    if (this.#isLeaving || this.#self !== null || !this.#line.isOpen) return Promise.resolve();
    this.#registering ??= this.#enter().finally(() => {
      this.#registering = null;
    });
    return this.#registering;
  }

  async #enter(): Promise<void> {
    if (this.#host === null) return;
    const { id, address } = this.#host;
    const node: NodeInfo = { id, address, epoch: toHex(this.#line.timers.randomBytes(EPOCH_BYTES)) };
    try {
      await this.#line.call(() => this.#write(node));
      this.#self = node;
      this.#nodes = [...this.#nodes.filter((other) => other.id !== id), node];
      this.#tell();
    } catch {
      this.#line.later(RETRY_MS, () => void this.#register());
    }
  }

  /** At the registry; a registration that comes there too late ends by itself. */
  #write(node: NodeInfo): void {
    this.#registry.register(node);
    this.#registry.setHeard(node.id, this.#line.isOpen && this.#line.link.isHeard);
  }

  #loseSelf(): void {
    this.#cancelLease = null;
    this.#self = null;
    this.#tell();
  }

  #tell(): void {
    const view = { self: this.#self, nodes: this.#nodes };
    const told = JSON.stringify(view);
    if (told === this.#told || !this.#line.isOpen) return;
    this.#told = told;
    this.#host?.onView(view);
  }
}
