import { randomBytes } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import type { MessageQueue, QueueRecord } from "../../../src/adapters/contracts/message-queue.js";
import type { KafkaQueueOptions } from "../../../src/adapters/kafka/index.js";
import { kafkaQueueBy } from "../../../src/adapters/kafka/kafka-queue.js";
import { parseOptions } from "../../../src/adapters/kafka/options.js";
import { CuttableLine } from "../cuttable-line.js";

/** A dead letter with its headers. */
export interface DeadLetter extends QueueRecord {
  readonly headers: Readonly<Record<string, string>>;
}

/** Topics of its own on a broker, and queues on them. */
export class KafkaPlace {
  readonly options: KafkaQueueOptions;
  readonly #url: string;
  readonly #lines: CuttableLine[] = [];
  readonly #kafka: Kafka;

  /** @param url of a broker, `kafka://host:port` */
  constructor(url: string) {
    const name = `shyim-${randomBytes(6).toString("hex")}`;
    const { host } = new URL(url);
    this.#url = url;
    this.options = { brokers: [host], topic: name, groupId: name, partitions: 8, replication: 1 };
    this.#kafka = new Kafka({ brokers: [host], logLevel: logLevel.NOTHING });
  }

  /** A queue, and the line all its connections go through. */
  async queue(): Promise<{ readonly adapter: MessageQueue; readonly line: CuttableLine }> {
    const line = await CuttableLine.to(this.#url);
    this.#lines.push(line);
    const adapter = kafkaQueueBy(parseOptions(this.options), () => ({ host: "127.0.0.1", port: line.port }));
    return { adapter, line };
  }

  /** What lies with the dead letters, oldest first. */
  async deadLetters(topic = `${this.options.topic}-dead`): Promise<readonly DeadLetter[]> {
    const count = await this.#count(topic);
    const letters: DeadLetter[] = [];
    const consumer = this.#kafka.consumer({ groupId: `${topic}-reader-${randomBytes(3).toString("hex")}` });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve) => {
      if (count === 0) return resolve();
      void consumer.run({
        eachMessage: async ({ message: { key, value, headers = {} } }) => {
          const texts = Object.entries(headers).map(([name, text]) => [name, String(text)] as const);
          letters.push({ key: String(key), value: value ?? new Uint8Array(), headers: Object.fromEntries(texts) });
          if (letters.length === count) resolve();
        },
      });
    });
    await consumer.disconnect();
    return letters;
  }

  /** Puts something into the topic that no queue of ours has written. */
  async put(key: string | null, value: string | null): Promise<void> {
    const producer = this.#kafka.producer();
    await producer.connect();
    await producer.send({ topic: this.options.topic ?? "", messages: [{ key, value }] });
    await producer.disconnect();
  }

  /** The members of the group. */
  async members(): Promise<number> {
    const admin = this.#kafka.admin();
    await admin.connect();
    const { groups } = await admin.describeGroups([this.options.groupId ?? ""]);
    await admin.disconnect();
    return groups[0]?.members.length ?? 0;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
    const admin = this.#kafka.admin();
    await admin.connect();
    const mine = (await admin.listTopics()).filter((topic) => topic.startsWith(this.options.topic ?? "-"));
    if (mine.length > 0) await admin.deleteTopics({ topics: mine });
    await admin.disconnect();
  }

  async #count(topic: string): Promise<number> {
    const admin = this.#kafka.admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  }
}
