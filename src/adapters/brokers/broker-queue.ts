import { ImError } from "../../core/errors.js";
import type { MessageQueue, MessageQueueHost, QueueRecord } from "../contracts/message-queue.js";
import type { BrokerKind } from "./halves.js";
import { QueueParts } from "./queue-parts.js";

/** A queue at a broker: its life from `bind` to `close`, whatever the broker is. */
export class BrokerQueue implements MessageQueue {
  readonly #kind: BrokerKind;
  #host: MessageQueueHost | null = null;
  #parts: QueueParts | null = null;
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #close: () => void = () => undefined;
  readonly #closed = new Promise<void>((resolve) => {
    this.#close = resolve;
  });

  constructor(kind: BrokerKind) {
    this.#kind = kind;
  }

  bind(host: MessageQueueHost): void {
    if (this.#starting !== null) {
      throw new Error(`${this.#kind.name} runs with the host it has: bind() comes before start()`);
    }
    this.#host = host;
  }

  async start(): Promise<void> {
    if (this.#host === null) throw new Error("bind() comes before start()");
    if (this.#closing !== null) throw this.#unavailable();
    this.#starting ??= this.#start(this.#host).catch((error) => this.#giveUp(error));
    await Promise.race([this.#starting, this.#closed]);
    if (this.#closing !== null) throw this.#unavailable();
  }

  async publish(records: readonly QueueRecord[]): Promise<void> {
    if (this.#parts === null || this.#closing !== null) throw this.#unavailable();
    if (records.length > 0) await this.#parts.publisher.publish(records);
  }

  async stopTaking(): Promise<void> {
    this.#stopping ??= this.#parts?.stopTaking() ?? Promise.resolve();
    await Promise.race([this.#stopping, this.#closed]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #start(host: MessageQueueHost): Promise<void> {
    const create = await this.#kind.prepare();
    if (this.#closing !== null) return;
    this.#parts = new QueueParts(this.#kind, host, create);
    await this.#parts.start(this.#stopping === null);
  }

  /** What cannot work is not tried further: it may be started anew when somebody has seen to it. */
  async #giveUp(error: unknown): Promise<never> {
    await this.#parts?.close();
    this.#parts = null;
    this.#starting = null;
    throw error;
  }

  async #end(): Promise<void> {
    this.#close();
    await this.#parts?.close();
  }

  #unavailable(): ImError {
    return new ImError("unavailable", { message: `${this.#kind.name} is closed or not started` });
  }
}
