import type { KafkaMessage } from "kafkajs";
import type { QueueRecord } from "../contracts/message-queue.js";

/** A message of the topic. */
export interface Entry {
  readonly offset: bigint;
  readonly bytes: number;
  readonly message: KafkaMessage;
  /** `null` for what somebody else has put there, which is no record of this queue. */
  readonly record: QueueRecord | null;
}

/** 1–200 printable ASCII characters, spaces among them. */
const KEY = /^[\x20-\x7e]{1,200}$/;
/** What a message takes beside its key and value, bytes. */
const OVERHEAD_BYTES = 64;

/** What a message is to this queue. */
export function entryOf(message: KafkaMessage): Entry {
  const { key, value, offset } = message;
  const bytes = (key?.length ?? 0) + (value?.length ?? 0) + OVERHEAD_BYTES;
  return { offset: BigInt(offset), bytes, message, record: recordOf(key?.toString("latin1") ?? "", value) };
}

/** The value is copied: the package's is a view of everything that one answer has brought, up to megabytes. */
function recordOf(key: string, value: Buffer | null): QueueRecord | null {
  if (!KEY.test(key) || value === null) return null;
  return { key, value: new Uint8Array(value) };
}
