import type { Channel, ConsumeMessage } from "amqplib";
import type { Session, TakingHalf } from "../brokers/halves.js";
import { within } from "../brokers/within.js";
import type { MessageQueueHost } from "../contracts/message-queue.js";
import { Connection, type RabbitServices } from "./connection.js";
import { Lane } from "./lane.js";
import { ensureTopology, queuesOf } from "./topology.js";

/** So much of a queue is sent ahead, messages. */
const AHEAD = 256;

/** A broker that does not answer when a queue is given back is waited for so long, ms; it finds out by itself. */
const GIVE_BACK_MS = 1_500;

/** Where what can never be taken goes. */
export type Bury = (queue: string, messages: readonly ConsumeMessage[]) => Promise<void>;

/** Takes records: a consumer of every queue, as long as a connection lasts, and the lanes the records go through. */
export class Taker implements TakingHalf {
  readonly #services: RabbitServices;
  readonly #lanes: ReadonlyMap<string, Lane>;
  readonly #channels = new Map<string, Channel>();
  #connection: Connection | null = null;
  #isRetiring = false;

  constructor(services: RabbitServices, take: MessageQueueHost["take"], bury: Bury) {
    this.#services = services;
    const laneOf = (queue: string) => new Lane({ take, bury: (messages) => bury(queue, messages) });
    this.#lanes = new Map(queuesOf(services.settings).map((queue) => [queue, laneOf(queue)]));
  }

  async open(signal: AbortSignal): Promise<Session> {
    this.#forget();
    const connection = await Connection.open(this.#services, signal);
    const setup = connection.watched(await connection.model.createChannel());
    await ensureTopology(setup, this.#services.settings);
    await setup.close();
    this.#connection = connection;
    await Promise.all([...this.#lanes].map(([queue, lane]) => this.#consume(connection, queue, lane)));
    return { broken: connection.broken, close: () => this.#leave(connection) };
  }

  async settle(): Promise<void> {
    this.#end();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.settled()));
  }

  /** A queue goes to the next node with its channel: at once with everything that was sent ahead, so that nothing is overtaken. */
  async retire(): Promise<void> {
    this.#end();
    await Promise.all(
      [...this.#lanes].map(async ([queue, lane]) => {
        await lane.idle();
        await this.#giveBack(queue);
      }),
    );
  }

  #end(): void {
    this.#isRetiring = true;
    for (const lane of this.#lanes.values()) lane.end();
  }

  async #consume(connection: Connection, queue: string, lane: Lane): Promise<void> {
    if (this.#isRetiring) return;
    const channel = connection.watched(await connection.model.createChannel());
    this.#channels.set(queue, channel);
    await channel.prefetch(AHEAD);
    await channel.consume(queue, (message) => {
      if (message === null) return connection.fail(new Error("a queue was taken away"));
      lane.add({ message, done: () => this.#done(queue, channel, message) });
    });
  }

  #done(queue: string, channel: Channel, message: ConsumeMessage): void {
    if (this.#channels.get(queue) === channel) channel.ack(message, true);
  }

  async #giveBack(queue: string): Promise<void> {
    const channel = this.#channels.get(queue);
    this.#channels.delete(queue);
    if (channel === undefined || this.#connection === null) return;
    await within(Promise.race([channel.close().catch(() => undefined), this.#connection.broken]), GIVE_BACK_MS);
  }

  async #leave(connection: Connection): Promise<void> {
    this.#forget();
    await connection.close();
  }

  #forget(): void {
    this.#connection = null;
    this.#channels.clear();
    for (const lane of this.#lanes.values()) lane.clear();
  }
}
