import type { Channel } from "amqplib";
import { hashText } from "../../core/hash-text.js";
import type { RabbitSettings } from "./options.js";

/** A queue's consumers take turns, one at a time: so what has one key stays in order, whichever node has it. */
const QUEUE = { durable: true, arguments: { "x-single-active-consumer": true } };

/** The names of the queues of the uplinks. */
export function queuesOf({ exchange, queues }: RabbitSettings): string[] {
  return Array.from({ length: queues }, (_, number) => `${exchange}.${number}`);
}

/** By what the exchange finds the queue of a key. */
export function routeOf({ queues }: RabbitSettings, key: string): string {
  return String(hashText(key) % queues);
}

/** Makes what is missing. Rejects with what the package rejects with. */
export async function ensureTopology(channel: Channel, settings: RabbitSettings): Promise<void> {
  const { exchange, deadLetterExchange } = settings;
  await channel.assertExchange(exchange, "direct", { durable: true });
  for (const [number, queue] of queuesOf(settings).entries()) {
    await channel.assertQueue(queue, QUEUE);
    await channel.bindQueue(queue, exchange, String(number));
  }
  await channel.assertExchange(deadLetterExchange, "fanout", { durable: true });
  await channel.assertQueue(deadLetterExchange, { durable: true });
  await channel.bindQueue(deadLetterExchange, deadLetterExchange, "");
}
