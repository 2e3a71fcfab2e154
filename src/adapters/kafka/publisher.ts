import type { Message, Producer } from "kafkajs";
import { ImError } from "../../core/errors.js";
import type { PublishingHalf, Session } from "../brokers/halves.js";
import type { QueueRecord } from "../contracts/message-queue.js";
import { createClient, type KafkaServices, RETRY } from "./client.js";
import { ensureTopics } from "./ensure-topics.js";
import { namesOf } from "./failure.js";
import { divide } from "./publication.js";
import { Pulse } from "./pulse.js";

/** A publication that is not done by then may have arrived, in part or not, ms. */
const PUBLISH_WITHIN_MS = 4_800;
/** All copies have it. */
const ALL = -1;

/** A publication that waits for its turn, or is under way. */
interface Publication {
  readonly topic: string;
  readonly messages: readonly (readonly Message[])[];
  isOver: boolean;
  readonly settle: (failure: ImError | null) => void;
}

/** Brings records to the brokers: one request after the other, so that they keep their order. */
export class Publisher implements PublishingHalf {
  readonly #services: KafkaServices;
  readonly #waiting: Publication[] = [];
  #producer: Producer | null = null;
  #break: (error: unknown) => void = () => undefined;
  #isSending = false;

  constructor(services: KafkaServices) {
    this.#services = services;
  }

  async open(signal: AbortSignal): Promise<Session> {
    const { settings } = this.#services;
    const client = createClient(this.#services, signal);
    const admin = client.admin();
    await admin.connect();
    await ensureTopics(admin, settings);
    const createPartitioner = this.#services.module.Partitioners.DefaultPartitioner;
    const producer = client.producer({ createPartitioner, allowAutoTopicCreation: false, retry: RETRY });
    const broken = new Promise<unknown>((resolve) => {
      this.#break = resolve;
    });
    producer.on(producer.events.REQUEST_TIMEOUT, () => this.#fail(new Error("a broker does not answer")));
    await producer.connect();
    const pulse = new Pulse(admin, settings.topic, (error) => this.#fail(error));
    this.#producer = producer;
    const close = async (): Promise<void> => void (await Promise.all([pulse.end(), producer.disconnect()]));
    return { broken, close };
  }

  publish(records: readonly QueueRecord[]): Promise<void> {
    const messages = divide(records.map(messageOf));
    return this.#enqueue(this.#services.settings.topic, messages);
  }

  /** Puts messages to the dead letters. Errors: `unavailable`. */
  bury(messages: readonly Message[]): Promise<void> {
    return this.#enqueue(this.#services.settings.deadLetterTopic, divide(messages));
  }

  close(): void {
    this.#producer = null;
    this.#giveUp("gets nothing more: the queue is closed");
  }

  #enqueue(topic: string, messages: Publication["messages"]): Promise<void> {
    if (this.#producer === null) return Promise.reject(this.#unavailable("does not answer"));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(new Error("a publication took too long")), PUBLISH_WITHIN_MS);
      const publication: Publication = {
        topic,
        messages,
        isOver: false,
        settle: (failure) => {
          publication.isOver = true;
          clearTimeout(timer);
          if (failure === null) resolve();
          else reject(failure);
        },
      };
      this.#waiting.push(publication);
      if (!this.#isSending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      await this.#send(first);
      if (this.#waiting[0] === first) this.#waiting.shift();
    }
    this.#isSending = false;
  }

  async #send(publication: Publication): Promise<void> {
    const producer = this.#producer;
    try {
      for (const messages of publication.messages) {
        if (publication.isOver || producer === null) return;
        await producer.send({ topic: publication.topic, acks: ALL, messages: [...messages] });
      }
      publication.settle(null);
    } catch (error) {
      publication.settle(this.#unavailable("did not take it", error));
      if (producer === this.#producer) this.#fail(error);
    }
  }

  /** What waits behind what has failed was to come after it: it is given up, too. */
  #fail(error: unknown): void {
    this.#producer = null;
    this.#giveUp("does not answer", error);
    this.#break(error);
  }

  #giveUp(why: string, cause?: unknown): void {
    for (const { settle } of this.#waiting.splice(0)) settle(this.#unavailable(why, cause));
  }

  #unavailable(what: string, cause?: unknown): ImError {
    const message = `Kafka at ${namesOf(this.#services.settings.brokers)} ${what}`;
    return new ImError("unavailable", { message, cause });
  }
}

function messageOf({ key, value }: QueueRecord): Message {
  return { key, value: Buffer.from(value.buffer, value.byteOffset, value.byteLength) };
}
