import { randomBytes } from "node:crypto";
import { type Channel, connect } from "amqplib";
import type { MessageQueue, QueueRecord } from "../../../src/adapters/contracts/message-queue.js";
import { type RabbitQueueOptions, rabbitQueue } from "../../../src/adapters/rabbitmq/index.js";
import { KEY_HEADER } from "../../../src/adapters/rabbitmq/letter.js";
import { CuttableLine } from "../cuttable-line.js";

const QUEUES = 4;

/** A dead letter with its headers. */
export interface DeadLetter extends QueueRecord {
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Exchanges of its own on a broker, and queues on them. */
export class RabbitPlace {
  readonly options: RabbitQueueOptions & { readonly exchange: string; readonly queues: number };
  readonly #lines: CuttableLine[] = [];

  constructor(url: string, queues = QUEUES) {
    const exchange = `shyim-${randomBytes(6).toString("hex")}`;
    this.options = { url, exchange, queues };
  }

  /** A queue, and the line all its connections go through. */
  async queue(): Promise<{ readonly adapter: MessageQueue; readonly line: CuttableLine }> {
    const line = await CuttableLine.to(this.options.url);
    this.#lines.push(line);
    const url = new URL(this.options.url);
    url.port = String(line.port);
    return { adapter: rabbitQueue({ ...this.options, url: url.href }), line };
  }

  /** What lies with the dead letters, oldest first; they stay there. */
  deadLetters(): Promise<readonly DeadLetter[]> {
    return this.#ask(async (channel) => {
      const letters: DeadLetter[] = [];
      for (let got = await this.#next(channel); got !== false; got = await this.#next(channel)) {
        const headers = got.properties.headers ?? {};
        letters.push({ key: String(headers[KEY_HEADER]), value: got.content, headers });
      }
      return letters;
    });
  }

  /** Puts something into the queues that no queue of ours has written. */
  put(content: string): Promise<void> {
    return this.#ask(async (channel) => {
      channel.publish(this.options.exchange, "0", Buffer.from(content));
    });
  }

  /** Takes everything away. */
  removeQueues(): Promise<void> {
    return this.#ask(async (channel) => {
      const { exchange, queues } = this.options;
      for (let number = 0; number < queues; number++) await channel.deleteQueue(`${exchange}.${number}`);
      await channel.deleteQueue(`${exchange}-dead`);
      await channel.deleteExchange(exchange);
      await channel.deleteExchange(`${exchange}-dead`);
    });
  }

  async remove(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
    await this.removeQueues();
  }

  #next(channel: Channel): ReturnType<Channel["get"]> {
    return channel.get(`${this.options.exchange}-dead`, { noAck: false });
  }

  async #ask<T>(ask: (channel: Channel) => Promise<T>): Promise<T> {
    const connection = await connect(this.options.url);
    const channel = await connection.createChannel();
    try {
      return await ask(channel);
    } finally {
      await channel.close();
      await connection.close();
    }
  }
}
