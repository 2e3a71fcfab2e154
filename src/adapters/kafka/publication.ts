import type { Message } from "kafkajs";

/** Bytes of messages in one request, at most: brokers take 1 MiB of a part of a topic at a time. */
const MAX_BYTES = 960_000;
/** Messages in one request, at most. */
const MAX_MESSAGES = 1_000;
/** What Kafka adds to a message, at most, and headers, bytes. */
const OVERHEAD_BYTES = 512;

/** Divides messages, in order, into stretches that brokers take. */
export function divide(messages: readonly Message[]): Message[][] {
  const chunks: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = (message.key?.length ?? 0) + (message.value?.length ?? 0) + OVERHEAD_BYTES;
    const last = chunks.at(-1);
    bytes += size;
    if (last !== undefined && last.length < MAX_MESSAGES && bytes <= MAX_BYTES) last.push(message);
    else {
      chunks.push([message]);
      bytes = size;
    }
  }
  return chunks;
}
