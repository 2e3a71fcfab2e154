/** `shyim/adapters/kafka`: the queue of uplinks in Apache Kafka. Everything public is listed here by hand. */

export { kafkaQueue } from "./kafka-queue.js";
export type { KafkaQueueOptions, KafkaSasl, KafkaTls } from "./options.js";
