import type { ConsumeMessage, Options } from "amqplib";
import type { QueueRecord } from "../contracts/message-queue.js";

/** A message to be published. */
export interface Letter {
  readonly exchange: string;
  readonly route: string;
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The header in which a record's key travels. */
export const KEY_HEADER = "shyim-key";
/** 1–200 printable ASCII characters, spaces among them. */
const KEY = /^[\x20-\x7e]{1,200}$/;

/** Kept on the disk, and sent back when there is no queue for it. */
export function publishingOf({ headers }: Letter): Options.Publish {
  return { persistent: true, mandatory: true, headers };
}

/** The record in a message, copied, since the package's value is a view; `null` for what somebody else has put there. */
export function recordIn({ content, properties }: ConsumeMessage): QueueRecord | null {
  const key = keyIn(properties);
  return key === null ? null : { key, value: new Uint8Array(content) };
}

/** What lies with the dead letters: the message as it was, with the reason and where it came from. */
export function deadLetterOf(exchange: string, queue: string, { content, properties }: ConsumeMessage): Letter {
  const reason = keyIn(properties) === null ? "it is no record of this queue" : "no node can make sense of it";
  const headers = { ...properties.headers, "shyim-reason": reason, "shyim-from": queue };
  return { exchange, route: "", content, headers };
}

function keyIn({ headers }: ConsumeMessage["properties"]): string | null {
  const key: unknown = headers?.[KEY_HEADER];
  return typeof key === "string" && KEY.test(key) ? key : null;
}
