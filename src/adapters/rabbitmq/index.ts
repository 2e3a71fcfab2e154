/** `shyim/adapters/rabbitmq`: the queue of uplinks in RabbitMQ. Everything public is listed here by hand. */

export type { RabbitQueueOptions, RabbitTls } from "./options.js";
export { rabbitQueue } from "./rabbit-queue.js";
