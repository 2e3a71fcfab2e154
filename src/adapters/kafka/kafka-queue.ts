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
 * The queue of uplinks in Apache Kafka. Needs the package `kafkajs`.
 * Errors: `invalid_argument`, with everything that is wrong with the options.
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
    reasonOf,
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
