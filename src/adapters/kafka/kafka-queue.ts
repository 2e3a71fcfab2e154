import { BrokerQueue } from "../brokers/broker-queue.js";
import type { Halves, TakingServices } from "../brokers/halves.js";
import type { MessageQueue } from "../contracts/message-queue.js";
import type { KafkaServices } from "./client.js";
import { deadLetterOf } from "./dead-letter.js";
import { isHopeless, reasonOf } from "./failure.js";
import { loadKafka } from "./load-kafka.js";
import { type KafkaQueueOptions, type KafkaSettings, parseOptions } from "./options.js";
import { Publisher } from "./publisher.js";
import type { Redirect } from "./sockets.js";
import { type Bury, Taker } from "./taker.js";

/**
 * The queue between accepting messages and storing them, in Apache Kafka: give it to every node's `createImServer` as `queue`,
 * with the same options. Needs the package `kafkajs` (`npm install kafkajs`). It makes its topics itself where they are missing and the
 * user may, and waits until all copies in step have a message.
 *
 * The nodes of one `groupId` share the parts of the topic evenly; one that comes gets its part, and what has one key stays in order
 * meanwhile. Brokers that cannot be reached are no error: the server's health tells it, and they are tried again. A node that ends
 * without a goodbye is given up by the group after 6 s.
 *
 * Errors: `invalid_argument` at once, with everything that is wrong with the options. From the server's start: `operation_failed` when
 * the package is missing, or for what no waiting changes, such as a wrong password.
 *
 * For example
 * `kafkaQueue({ brokers: ["kafka-1.chat.example:9093"], ssl: true, sasl: { mechanism: "scram-sha-512", username: "chat", password } })`.
 */
export function kafkaQueue(options: KafkaQueueOptions): MessageQueue {
  return kafkaQueueBy(parseOptions(options), (place) => place);
}

/** @param redirect where to connect to instead of what a broker says of itself; for tests */
export function kafkaQueueBy(settings: KafkaSettings, redirect: Redirect): MessageQueue {
  return new BrokerQueue({
    name: "kafkaQueue",
    prepare: async () => {
      const services = { module: await loadKafka(), settings, redirect };
      return (taking) => createHalves(services, taking);
    },
    isHopeless,
    reasonOf: (error) => reasonOf(settings.brokers, error),
  });
}

function createHalves(services: KafkaServices, { take, insist }: TakingServices): Halves {
  const publishing = new Publisher(services);
  const { topic } = services.settings;
  const bury: Bury = (partition, entries) => {
    const letters = entries.map((entry) => deadLetterOf(topic, partition, entry));
    return insist(() => publishing.bury(letters));
  };
  return { publishing, taking: new Taker(services, take, bury) };
}
