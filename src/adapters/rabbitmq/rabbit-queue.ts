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
 * The queue between accepting messages and storing them, in RabbitMQ: give it to every node's `createImServer` as `queue`, with
 * the same options. Needs the package `amqplib` (`npm install amqplib`) and no plugin. It makes its exchanges and queues itself, all
 * of them durable, and waits for the broker's confirmation of every message.
 *
 * The queues spread over the nodes by lot; one that comes gets its part, and what has one key stays in order meanwhile. A broker that
 * cannot be reached is no error: the server's health tells it, and it is tried again. A node that ends without a goodbye is found
 * missing by its heartbeats, after about 15 s.
 *
 * Errors: `invalid_argument` at once, with everything that is wrong with the options. From the server's start: `operation_failed` when
 * the package is missing, or for what no waiting changes, such as a wrong password.
 *
 * For example
 * `rabbitQueue({ url: "amqps://chat:password@rabbit.chat.example/chat", ssl: { ca: readFileSync("ca.pem") } })`.
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
    reasonOf: (error) => reasonOf(settings.url, error),
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
