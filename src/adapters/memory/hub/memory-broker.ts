import { hashText } from "../../../core/hash-text.js";
import type { Cancel } from "../../../core/runtime.js";
import type { QueueRecord } from "../../contracts/message-queue.js";
import type { HubTimers } from "./hub-timers.js";
import { MemoryPartition, type Taker } from "./memory-partition.js";
import type { DrawQueueFate, QueueFate } from "./queue-fate.js";

/** A node that is not heard any more keeps its partitions for so long, ms. */
const SESSION_MS = 10_000;

/** The records of all queues of a hub, in partitions by their keys; each partition is at one node, as long as there is one. */
export class MemoryBroker {
  readonly #timers: HubTimers;
  readonly #partitions: readonly MemoryPartition[];
  readonly #takers: Taker[] = [];
  /** Those not heard any more, with what ends their patience. */
  readonly #silent = new Map<Taker, Cancel>();
  readonly #deadLetters: QueueRecord[] = [];
  #draw: DrawQueueFate = () => "bring";
  /** By how many places the partitions are moved on. */
  #shift = 0;

  constructor(timers: HubTimers, partitions: number) {
    this.#timers = timers;
    const bury = (record: QueueRecord): void => void this.#deadLetters.push(record);
    this.#partitions = Array.from({ length: partitions }, (_, place) => new MemoryPartition(place, timers, bury));
  }

  /** Records that wait or are in hand. */
  get waiting(): number {
    return this.#partitions.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** What nobody could take, oldest first. */
  get deadLetters(): readonly QueueRecord[] {
    return this.#deadLetters;
  }

  /** From now on `draw` decides what becomes of each record. */
  setFate(draw: DrawQueueFate): void {
    this.#draw = draw;
  }

  append(records: readonly QueueRecord[]): void {
    const repeated = records.filter((record) => this.#append(record, this.#draw(record)) === "repeat");
    for (const record of repeated) this.#append(record, "bring");
  }

  /** A node takes from now on; also one that was away. What it has in hand is brought again. */
  join(taker: Taker): void {
    this.#forgive(taker);
    if (!this.#takers.includes(taker)) this.#takers.push(taker);
    for (const partition of this.#partitions) partition.revoke(taker);
    this.#share();
  }

  /** A node takes nothing further; what it has in hand is still its own. */
  retire(taker: Taker): void {
    this.#forgive(taker);
    const place = this.#takers.indexOf(taker);
    if (place >= 0) this.#takers.splice(place, 1);
    this.#share();
  }

  /** A node is gone, and what it has in hand is brought to others. */
  leave(taker: Taker): void {
    this.retire(taker);
    for (const partition of this.#partitions) partition.revoke(taker);
  }

  /** A node is not heard any more: it is gone if it does not {@link join} in time; also one that retires with something in hand. */
  missed(taker: Taker): void {
    const isConcerned = this.#takers.includes(taker) || this.#partitions.some((partition) => partition.isWith(taker));
    if (this.#silent.has(taker) || !isConcerned) return;
    this.#silent.set(
      taker,
      this.#timers.setTimer(SESSION_MS, () => this.leave(taker)),
    );
  }

  /** Moves every partition to the next node at once, while what is in hand goes on where it is. */
  rebalance(): void {
    this.#shift++;
    this.#share();
    for (const partition of this.#partitions) partition.revoke();
  }

  /** Forgets all records, dead letters too. */
  clear(): void {
    for (const partition of this.#partitions) partition.clear();
    this.#deadLetters.length = 0;
    this.#share();
  }

  #append(record: QueueRecord, fate: QueueFate): QueueFate {
    if (fate === "lose") return fate;
    const partition = this.#partitions[hashText(record.key) % this.#partitions.length];
    partition?.push(
      { key: record.key, value: new Uint8Array(record.value) },
      typeof fate === "object" ? fate.delayMs : 0,
    );
    return fate;
  }

  #forgive(taker: Taker): void {
    this.#silent.get(taker)?.();
    this.#silent.delete(taker);
  }

  #share(): void {
    for (const [place, partition] of this.#partitions.entries()) {
      partition.assign(this.#takers[(place + this.#shift) % this.#takers.length] ?? null);
    }
  }
}
