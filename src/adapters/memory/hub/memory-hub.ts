import type { Discovery } from "../../contracts/discovery.js";
import type { MessageQueue, QueueRecord } from "../../contracts/message-queue.js";
import type { NodeId } from "../../contracts/nodes.js";
import type { Presence } from "../../contracts/presence.js";
import { type MemoryStorage, memoryStorage } from "../memory-storage.js";
import { type HubTimers, systemTimers } from "./hub-timers.js";
import { MemoryBook } from "./memory-book.js";
import { MemoryBroker } from "./memory-broker.js";
import { MemoryDiscovery } from "./memory-discovery.js";
import { MemoryExchange } from "./memory-exchange.js";
import { MemoryLine } from "./memory-line.js";
import { MemoryLink } from "./memory-link.js";
import { MemoryPresence } from "./memory-presence.js";
import { MemoryQueue } from "./memory-queue.js";
import { MemoryRegistry } from "./memory-registry.js";
import { MemoryRpc } from "./memory-rpc.js";
import type { DrawQueueFate } from "./queue-fate.js";

/** Options of {@link memoryHub}. */
export interface MemoryHubOptions {
  /** Where time and randomness come from: any `Runtime`, for example a virtual one. Default: the system's. */
  readonly runtime?: HubTimers;
  /** How long everything takes that goes between a node and the hub, ms, asked each time. Default: the next turn of the event loop. */
  readonly latencyMs?: () => number;
  /** Parts of the queue; each is at one node at a time. Default 8. */
  readonly partitions?: number;
  /** What the storage handles share. Default: a new one. */
  readonly storage?: MemoryStorage;
}

/** How an rpc is made. */
export interface MemoryRpcOptions {
  /** Where it listens, for example the address of one that has ended. Default: an address that nobody has had. */
  readonly address?: string;
}

const DEFAULT_PARTITIONS = 8;

/** A cluster's surroundings inside one process; see {@link memoryHub}. */
export class MemoryHub {
  readonly #timers: HubTimers;
  readonly #latencyMs: () => number;
  readonly #registry: MemoryRegistry;
  readonly #book: MemoryBook;
  readonly #exchange = new MemoryExchange();
  readonly #broker: MemoryBroker;
  readonly #storage: MemoryStorage;

  /** Use {@link memoryHub}. */
  constructor(options: MemoryHubOptions) {
    this.#timers = options.runtime ?? systemTimers();
    this.#latencyMs = options.latencyMs ?? (() => 0);
    this.#registry = new MemoryRegistry(this.#timers);
    this.#book = new MemoryBook(this.#timers);
    this.#broker = new MemoryBroker(this.#timers, options.partitions ?? DEFAULT_PARTITIONS);
    this.#storage = options.storage ?? memoryStorage({ randomBytes: (length) => this.#timers.randomBytes(length) });
  }

  /**
   * A way to the hub, to be given to the handles of one node, and then to be cut, frozen or crashed with all of them.
   * @param latencyMs how long everything takes on this way, ms, asked each time. Default: as the options of the hub say
   */
  link(latencyMs: () => number = this.#latencyMs): MemoryLink {
    return new MemoryLink(this.#timers, latencyMs);
  }

  /** One node's discovery. */
  discovery(link: MemoryLink = this.link()): Discovery {
    return new MemoryDiscovery(this.#registry, this.#line(link, "discovery"));
  }

  /** One node's presence. */
  presence(link: MemoryLink = this.link()): Presence {
    return new MemoryPresence(this.#book, this.#line(link, "presence"));
  }

  /** One node's rpc. */
  rpc(link: MemoryLink = this.link(), { address }: MemoryRpcOptions = {}): MemoryRpc {
    return new MemoryRpc(this.#exchange, this.#line(link, "rpc"), address ?? null);
  }

  /** One node's queue. */
  queue(link: MemoryLink = this.link()): MessageQueue {
    return new MemoryQueue(this.#broker, this.#line(link, "queue"));
  }

  /** One node's handle on the storage that all share. */
  storage(link: MemoryLink = this.link()): MemoryStorage {
    return this.#storage.share(() => link.isUp);
  }

  /** Ends the registration of a node that lives and does not know: its lease was lost. It registers again under another epoch. */
  expire(node: NodeId): void {
    this.#registry.expire(node);
  }

  /** The registry loses everything, as an etcd whose disk is gone. */
  forgetNodes(): void {
    this.#registry.clear();
  }

  /** The book of sessions loses everything, as a Redis after FLUSHALL. */
  forgetRoutes(): void {
    this.#book.clear();
  }

  /** The queue loses everything, dead letters too. */
  forgetRecords(): void {
    this.#broker.clear();
  }

  /** How many records nobody has taken so far. */
  get waitingRecords(): number {
    return this.#broker.waiting;
  }

  /** What no node could take, oldest first. */
  get deadLetters(): readonly QueueRecord[] {
    return this.#broker.deadLetters;
  }

  /** From now on `draw` decides of each record that is published whether the queue brings, loses, repeats or delays it. */
  harmQueue(draw: DrawQueueFate): void {
    this.#broker.setFate(draw);
  }

  /** Every part of the queue goes to another node at once; what is in hand goes on where it is, and is brought to the other, too. */
  rebalanceQueue(): void {
    this.#broker.rebalance();
  }

  /** Two nodes cannot speak to each other; whatever else they do goes on. */
  part(a: NodeId, b: NodeId): void {
    this.#exchange.part(a, b);
  }

  /** Two nodes can speak to each other again. */
  rejoin(a: NodeId, b: NodeId): void {
    this.#exchange.rejoin(a, b);
  }

  #line(link: MemoryLink, part: string): MemoryLine {
    return new MemoryLine(link, this.#timers, `the memory ${part}`);
  }
}

/**
 * Everything that the nodes of a cluster share, inside one process: for tests, for the simulation, and for several servers in one
 * program. Each call of `discovery`, `presence`, `rpc`, `queue` and `storage` makes one node's own handle. It keeps what a real
 * registry, book, broker and database keep, and can be harmed as they are. Throws nothing.
 */
export function memoryHub(options: MemoryHubOptions = {}): MemoryHub {
  return new MemoryHub(options);
}
