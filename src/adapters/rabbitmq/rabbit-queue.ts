import { BrokerQueue } from "../brokers/broker-queue.js";
import type { Halves, TakingServices } from "../brokers/halves.js";
import type { MessageQueue } from "../contracts/message-queue.js";
import type { RabbitServices } from "./connection.js";
import { isHopeless, reasonOf } from "./failure.js";
import { deadLetterOf } from "./letter.js";
import { loadAmqplib } from "./load-amqplib.js";
import { parseOptions, type RabbitQueueOptions } from "./options.js";
import { Publisher } from "./publisher.js";
import { type Bury, Taker } from "./taker.js";

/**
 * The queue of uplinks in RabbitMQ. Needs the package `amqplib`.
 * Errors: `invalid_argument`, with everything that is wrong with the options.
 */
export function rabbitQueue(options: RabbitQueueOptions): MessageQueue {
  const settings = parseOptions(options);
  return new BrokerQueue({
    name: "rabbitQueue",
    prepare: async () => {
      const services = { module: await loadAmqplib(), settings };
      return (taking) => createHalves(services, taking);
    },
    isHopeless,
    reasonOf,
  });
}

function createHalves(services: RabbitServices, { take, insist }: TakingServices): Halves {
  const publishing = new Publisher(services);
  const { deadLetterExchange } = services.settings;
  const bury: Bury = (queue, messages) => {
    const letters = messages.map((message) => deadLetterOf(deadLetterExchange, queue, message));
    return insist(() => publishing.send(letters));
  };
  return { publishing, taking: new Taker(services, take, bury) };
}
