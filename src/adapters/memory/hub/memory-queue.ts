import type { Cancel } from "../../../core/runtime.js";
import type { MessageQueue, MessageQueueHost, QueueRecord } from "../../contracts/message-queue.js";
import type { MemoryBroker } from "./memory-broker.js";
import type { MemoryLine } from "./memory-line.js";
import type { Stretch, Taker } from "./memory-partition.js";

/** A queue inside one process: one node's own handle on the broker of its hub. */
export class MemoryQueue implements MessageQueue, Taker {
  readonly #broker: MemoryBroker;
  readonly #line: MemoryLine;
  /** Of each partition what is under way here: another stretch of it waits, so that no key is taken twice side by side. */
  readonly #underWay = new Map<number, Promise<void>>();
  #host: MessageQueueHost | null = null;
  #isTaking = true;
  #unwatch: Cancel = () => undefined;

  /** Use `hub.queue()`. */
  constructor(broker: MemoryBroker, line: MemoryLine) {
    this.#broker = broker;
    this.#line = line;
  }

  bind(host: MessageQueueHost): void {
    this.#line.assertNotOpen();
    this.#host = host;
  }

  async start(): Promise<void> {
    const host = this.#host;
    if (host === null) throw new Error("bind() comes before start()");
    if (!this.#line.open((condition) => host.onCondition(condition))) return;
    this.#unwatch = this.#line.link.watch(() => this.#onLink());
    await this.#line.reach();
    await this.#join();
  }

  async close(): Promise<void> {
    this.#isTaking = false;
    this.#unwatch();
    const wasHeard = this.#line.link.isHeard;
    this.#line.close();
    if (wasHeard) this.#broker.leave(this);
    else this.#broker.missed(this);
  }

  publish(records: readonly QueueRecord[]): Promise<void> {
    return this.#line.call(() => this.#broker.append(records));
  }

  async stopTaking(): Promise<void> {
    this.#isTaking = false;
    await this.#line.call(() => this.#broker.retire(this)).catch(() => undefined);
    while (this.#line.isOpen && this.#underWay.size > 0)
      await Promise.race([...this.#underWay.values(), this.#line.closed]);
  }

  /** The broker brings a stretch. */
  take(stretch: Stretch): void {
    this.#line.tell(() => {
      const before = this.#underWay.get(stretch.partition) ?? Promise.resolve();
      const turn = before.then(() => this.#take(stretch));
      this.#underWay.set(stretch.partition, turn);
      void turn.then(() => {
        if (this.#underWay.get(stretch.partition) === turn) this.#underWay.delete(stretch.partition);
      });
    });
  }

  async #take(stretch: Stretch): Promise<void> {
    if (this.#host === null || !this.#line.isOpen) return;
    try {
      const { dead } = await this.#host.take(stretch.records);
      await this.#line.call(() => stretch.done(dead));
    } catch {
      await this.#line.call(() => stretch.failed()).catch(() => undefined);
    }
  }

  #onLink(): void {
    const { link } = this.#line;
    if (!link.isHeard) this.#broker.missed(this);
    else if (link.isUp) this.#line.tell(() => void this.#join());
  }

  /** What was in hand when the broker was out of reach is brought again: nobody knows whether it heard how that ended. */
  async #join(): Promise<void> {
    if (this.#isTaking) await this.#line.call(() => this.#broker.join(this)).catch(() => undefined);
  }
}
