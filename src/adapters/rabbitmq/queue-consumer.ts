import type { Channel, ConsumeMessage } from "amqplib";
import { within } from "../brokers/within.js";
import type { Connection } from "./connection.js";
import { Lane, type LaneServices } from "./lane.js";

/** So much of a queue is sent ahead, messages. */
const AHEAD = 256;

/** A broker that does not answer when a queue is given back is waited for so long, ms; it finds out by itself. */
const GIVE_BACK_MS = 1_500;

/** One queue's consumer, on a channel of its own as long as a connection lasts, and the lane its records go through. */
export class QueueConsumer {
  readonly queue: string;
  readonly priority: number;
  readonly #lane: Lane;
  #connection: Connection | null = null;
  #channel: Channel | null = null;
  #isYielding = false;
  #isRetiring = false;

  /** @param priority the broker brings the queue to the consumer with the highest one, when it has to choose */
  constructor(queue: string, priority: number, services: LaneServices) {
    this.queue = queue;
    this.priority = priority;
    this.#lane = new Lane(services);
  }

  /** Begins to take, or waits for its turn. */
  async open(connection: Connection): Promise<void> {
    if (this.#isRetiring) return;
    const channel = connection.watched(await connection.model.createChannel());
    this.#connection = connection;
    this.#channel = channel;
    await channel.prefetch(AHEAD);
    const onMessage = (message: ConsumeMessage | null): void => this.#onMessage(connection, channel, message);
    await channel.consume(this.queue, onMessage, { priority: this.priority });
  }

  /** Leaves the queue to whom it belongs, once nothing of it is in hand, and waits for its turn again. */
  async yield(): Promise<void> {
    const connection = this.#connection;
    if (connection === null || this.#isYielding || this.#isRetiring) return;
    this.#isYielding = true;
    this.#lane.clear();
    await this.#lane.idle();
    if (connection !== this.#connection) return;
    await this.#giveBack();
    if (connection !== this.#connection) return;
    this.#isYielding = false;
    await this.open(connection);
  }

  /** Takes nothing further, for good. Resolves when everything is settled that the host has taken. */
  settle(): Promise<void> {
    this.#end();
    return this.#lane.settled();
  }

  /** Takes nothing further, for good. Resolves when nothing is in hand, and the next node has the queue. */
  async retire(): Promise<void> {
    this.#end();
    await this.#lane.idle();
    await this.#giveBack();
  }

  /** Before a connection is closed: what the broker was told on this channel has arrived when the channel is closed. */
  async leave(): Promise<void> {
    this.#lane.clear();
    await this.#giveBack();
    this.forget();
  }

  /** The connection is gone. */
  forget(): void {
    this.#connection = null;
    this.#channel = null;
    this.#isYielding = false;
    this.#lane.clear();
  }

  #end(): void {
    this.#isRetiring = true;
    this.#lane.end();
  }

  #onMessage(connection: Connection, channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) return connection.fail(new Error("a queue was taken away"));
    // What comes now goes back to the broker with the channel.
    if (this.#isYielding || channel !== this.#channel) return;
    this.#lane.add({ message, done: () => this.#done(channel, message) });
  }

  #done(channel: Channel, message: ConsumeMessage): void {
    if (channel === this.#channel) channel.ack(message, true);
  }

  /** A queue goes with its channel: at once with everything that was sent ahead, so that nothing is overtaken. */
  async #giveBack(): Promise<void> {
    const [channel, connection] = [this.#channel, this.#connection];
    this.#channel = null;
    if (channel === null || connection === null) return;
    await within(Promise.race([channel.close().catch(() => undefined), connection.broken]), GIVE_BACK_MS);
  }
}
