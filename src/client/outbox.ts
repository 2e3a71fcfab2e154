import { conversationKey } from "../core/model.js";
import type { Runtime } from "../core/runtime.js";
import { backoffMs } from "./backoff.js";
import type { OutboxEntry } from "./contracts.js";
import { ConversationQueue, type Slot, type SlotState } from "./conversation-queue.js";
import { Fifo } from "./fifo.js";
import { RetryTimer } from "./retry-timer.js";
import { Silence } from "./silence.js";

/** No answer to any uplink for this long while one is under way: the connection is dead, ms. */
export const SILENCE_MS = 8_000;
/** Longest wait a server may ask for, ms. */
export const LONGEST_ASKED_MS = 300_000;

/** Where the outbox hands on to. */
export interface OutboxPorts {
  /** Puts one uplink on the connection. `afterClientId` must be stored first; 0 for none. */
  transmit(entry: OutboxEntry, afterClientId: number): void;
  /** No uplink was answered for {@link SILENCE_MS}. */
  stalled(): void;
  /** What {@link Outbox.list} answers is different now. */
  changed(): void;
}

/** The queue of one conversation with what the outbox needs around it. */
interface Lane {
  readonly key: string;
  readonly queue: ConversationQueue;
  readonly retry: RetryTimer;
  /** In the ring of lanes that may have something to transmit. */
  inRing: boolean;
}

/** Where to find one message. */
interface Place {
  readonly lane: Lane;
  readonly slot: Slot;
}

/**
 * The unsettled messages of this installation and when each goes out. It keeps order within a conversation, takes
 * turns between conversations, and knows neither sockets nor storage.
 */
export class Outbox {
  readonly #runtime: Runtime;
  readonly #window: number;
  readonly #ports: OutboxPorts;
  readonly #silence: Silence;
  readonly #lanes = new Map<string, Lane>();
  readonly #places = new Map<number, Place>();
  readonly #ring = new Fifo<Lane>();
  #ready = false;
  #flying = 0;

  /** @param window most uplinks under way on one connection */
  constructor(runtime: Runtime, window: number, ports: OutboxPorts) {
    this.#runtime = runtime;
    this.#window = window;
    this.#ports = ports;
    this.#silence = new Silence(runtime, () => ports.stalled());
  }

  /** How many are unsettled. */
  get size(): number {
    return this.#places.size;
  }

  /** True while the message is unsettled. */
  has(clientId: number): boolean {
    return this.#places.has(clientId);
  }

  /** True while the message is here and has certainly not reached any server. */
  isUntouched(clientId: number): boolean {
    return this.#places.get(clientId)?.slot.transmitted === false;
  }

  /** Every unsettled message with its state, in the order of composing. */
  list(): { readonly entry: OutboxEntry; readonly state: SlotState }[] {
    const slots = Array.from(this.#places.values(), ({ slot }) => slot);
    return slots.sort((a, b) => a.entry.order - b.entry.order);
  }

  /** The messages whose answer is awaited, as they were transmitted. */
  underWay(): { readonly entry: OutboxEntry; readonly after: number }[] {
    return Array.from(this.#places.values(), ({ slot }) => slot).filter(({ state }) => state === "flying");
  }

  /** Replaces everything by what the store holds; any of it may have been transmitted in an earlier run. */
  load(entries: readonly OutboxEntry[]): void {
    this.stop();
    this.#places.clear();
    this.#lanes.clear();
    this.restore(entries);
  }

  /** Takes in a new message. */
  add(entry: OutboxEntry): void {
    this.#insert(entry, false);
    this.#pump();
  }

  /** Takes back messages that were settled once, at their places. */
  restore(entries: readonly OutboxEntry[]): void {
    const last = [...entries].sort((a, b) => b.order - a.order);
    for (const entry of last) this.#insert(entry, true);
    this.#pump();
  }

  /** A login was accepted (and no re-sync is under way): everything goes out again, in order. */
  start(): void {
    this.stop();
    this.#ready = true;
    for (const lane of this.#lanes.values()) this.#turn(lane);
    this.#pump();
  }

  /** Nothing new goes out; answers still count. */
  pause(): void {
    this.#ready = false;
  }

  /** The connection is gone: nothing is under way any more. */
  stop(): void {
    this.#ready = false;
    this.#flying = 0;
    this.#silence.stop();
    this.#ring.clear();
    this.#ports.changed();
    for (const lane of this.#lanes.values()) {
      lane.inRing = false;
      lane.retry.stop();
      lane.queue.restart();
    }
  }

  /** Takes out a message whose outcome is known. `null` when it was not here. */
  settle(clientId: number): OutboxEntry | null {
    const place = this.#places.get(clientId);
    if (place === undefined) return null;
    const { lane, slot } = place;
    this.#land(slot);
    this.#places.delete(clientId);
    this.#ports.changed();
    lane.queue.settle(slot);
    if (lane.queue.isEmpty) this.#forget(lane);
    else this.#turn(lane);
    this.#pump();
    return slot.entry;
  }

  /** The server cannot take it now. @param retryAfterMs what it asked for; 0 leaves it to the backoff */
  busy(clientId: number, retryAfterMs: number): void {
    const place = this.#places.get(clientId);
    if (place?.slot.state !== "flying") return;
    const { lane, slot } = place;
    this.#land(slot);
    lane.queue.delay(slot);
    this.#ports.changed();
    const ownMs = backoffMs(slot.tries++, this.#runtime.random());
    lane.retry.extend(Math.max(ownMs, Math.min(retryAfterMs, LONGEST_ASKED_MS)));
    this.#pump();
  }

  /** The server misses the predecessor that was named. */
  outOfOrder(clientId: number): void {
    const place = this.#places.get(clientId);
    if (place?.slot.state !== "flying") return;
    const { lane, slot } = place;
    this.#land(slot);
    this.#ports.changed();
    lane.queue.outOfOrder(slot, this.#places.has(slot.after));
    this.#turn(lane);
    this.#pump();
  }

  /** Some uplink was answered: the connection is alive. */
  answered(): void {
    this.#silence.heard();
  }

  #insert(entry: OutboxEntry, transmitted: boolean): void {
    if (this.#places.has(entry.clientId)) return;
    const lane = this.#laneFor(conversationKey(null, entry.target));
    this.#places.set(entry.clientId, { lane, slot: lane.queue.add(entry, transmitted) });
    this.#ports.changed();
    this.#turn(lane);
  }

  #pump(): void {
    while (this.#ready && this.#flying < this.#window) {
      const lane = this.#ring.shift();
      if (lane === undefined) return;
      lane.inRing = false;
      const slot = lane.queue.next();
      if (slot === null) continue;
      this.#turn(lane);
      this.#launch(lane, slot);
    }
  }

  #launch(lane: Lane, slot: Slot): void {
    lane.queue.launch(slot);
    this.#ports.changed();
    if (this.#flying++ === 0) this.#silence.start(SILENCE_MS);
    this.#ports.transmit(slot.entry, slot.after);
  }

  /** The slot is not under way any more, if it was. */
  #land(slot: Slot): void {
    if (slot.state !== "flying") return;
    if (--this.#flying === 0) this.#silence.stop();
  }

  /** The lane may have something to transmit: it takes its turn. */
  #turn(lane: Lane): void {
    if (!this.#ready || lane.inRing) return;
    lane.inRing = true;
    this.#ring.push(lane);
  }

  #laneFor(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const retry = new RetryTimer(this.#runtime, () => this.#wake(lane));
    const lane: Lane = { key, queue: new ConversationQueue(), retry, inRing: false };
    this.#lanes.set(key, lane);
    return lane;
  }

  #wake(lane: Lane): void {
    lane.queue.wake();
    this.#turn(lane);
    this.#pump();
  }

  #forget(lane: Lane): void {
    lane.retry.stop();
    this.#lanes.delete(lane.key);
  }
}
