import type { Admin } from "kafkajs";
import type { KafkaSettings } from "./options.js";

const READY_WITHIN_MS = 3_000;

/** Makes the topics that are missing. Rejects with what the package rejects with. */
export async function ensureTopics(admin: Admin, settings: KafkaSettings): Promise<void> {
  const existing = await admin.listTopics();
  const { topic, deadLetterTopic, partitions, replication } = settings;
  if (!existing.includes(topic)) await create(admin, topic, partitions, replication);
  if (!existing.includes(deadLetterTopic)) await create(admin, deadLetterTopic, 1, replication);
}

async function create(admin: Admin, topic: string, numPartitions: number, replicationFactor: number): Promise<void> {
  const topics = [{ topic, numPartitions, replicationFactor }];
  // Another node that does the same at the same time is no failure.
  await admin.createTopics({ topics, waitForLeaders: true, timeout: READY_WITHIN_MS });
}
