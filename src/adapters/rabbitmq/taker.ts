import { randomUUID } from "node:crypto";
import type { ConsumeMessage } from "amqplib";
import type { Session, TakingHalf } from "../brokers/halves.js";
import type { MessageQueueHost } from "../contracts/message-queue.js";
import { Connection, type RabbitServices } from "./connection.js";
import { QueueConsumer } from "./queue-consumer.js";
import { ensureTopology, queuesOf } from "./topology.js";
import { announce, hearNodes, priorityOf } from "./turns.js";

/** Where what can never be taken goes. */
export type Bury = (queue: string, messages: readonly ConsumeMessage[]) => Promise<void>;

/**
 * Takes records: a consumer of every queue, as long as a connection lasts. The broker brings a queue to one of its consumers and to no
 * other before that one gives it back. So whoever hears of a node that has drawn a higher lot for a queue gives it back.
 */
export class Taker implements TakingHalf {
  readonly #services: RabbitServices;
  readonly #node = randomUUID();
  readonly #consumers: readonly QueueConsumer[];

  constructor(services: RabbitServices, take: MessageQueueHost["take"], bury: Bury) {
    this.#services = services;
    this.#consumers = queuesOf(services.settings).map((queue) => {
      return new QueueConsumer(queue, priorityOf(this.#node, queue), {
        take,
        bury: (messages) => bury(queue, messages),
      });
    });
  }

  async open(signal: AbortSignal): Promise<Session> {
    const { settings } = this.#services;
    this.#forget();
    const connection = await Connection.open(this.#services, signal);
    const channel = connection.watched(await connection.model.createChannel());
    await ensureTopology(channel, settings);
    // First it hears, then it takes, then it is heard: so whoever has a queue hears of everybody who comes later.
    await hearNodes(channel, settings, (node) => this.#onNode(connection, node));
    await Promise.all(this.#consumers.map((consumer) => consumer.open(connection)));
    announce(channel, settings, this.#node);
    return { broken: connection.broken, close: () => this.#leave(connection) };
  }

  async settle(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.settle()));
  }

  async retire(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.retire()));
  }

  #onNode(connection: Connection, node: string): void {
    for (const consumer of this.#consumers) {
      if (priorityOf(node, consumer.queue) <= consumer.priority) continue;
      consumer.yield().catch((error) => connection.fail(error));
    }
  }

  async #leave(connection: Connection): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.leave()));
    await connection.close();
  }

  #forget(): void {
    for (const consumer of this.#consumers) consumer.forget();
  }
}
