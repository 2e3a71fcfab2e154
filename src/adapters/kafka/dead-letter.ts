import type { Message } from "kafkajs";
import type { Entry } from "./entry.js";

/** What lies with the dead letters: the message as it was, with the reason and where it came from. @param topic where it came from */
export function deadLetterOf(topic: string, partition: number, { message, offset, record }: Entry): Message {
  const headers = {
    "shyim-reason": record === null ? "it is no record of this queue" : "no node can make sense of it",
    "shyim-from": `${topic}/${partition}/${offset}`,
  };
  return { key: message.key, value: message.value, headers };
}
