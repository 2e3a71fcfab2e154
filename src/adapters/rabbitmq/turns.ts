import { createHash, randomUUID } from "node:crypto";
import type { Channel } from "amqplib";
import type { RabbitSettings } from "./options.js";

/** By what the exchange finds every node. */
const ROUTE = "nodes";

/**
 * Whose turn a queue is: of all nodes that wait for it, the one with the highest number. So the queues spread over the nodes by lot,
 * every node knows the lots of the others by their names, and whoever comes or goes moves no queue but its own.
 */
export function priorityOf(node: string, queue: string): number {
  return createHash("sha256").update(`${queue} ${node}`).digest().readUInt32BE() >>> 1;
}

/** Tells of each node that comes from now on, this one too. */
export async function hearNodes(
  channel: Channel,
  { exchange }: RabbitSettings,
  onNode: (node: string) => void,
): Promise<void> {
  const queue = `${exchange}.node-${randomUUID()}`;
  await channel.assertQueue(queue, { exclusive: true, durable: false, autoDelete: true });
  await channel.bindQueue(queue, exchange, ROUTE);
  await channel.consume(queue, (message) => message !== null && onNode(message.content.toString()), { noAck: true });
}

/** Tells every node that this one waits for its turns. */
export function announce(channel: Channel, { exchange }: RabbitSettings, node: string): void {
  channel.publish(exchange, ROUTE, Buffer.from(node));
}
