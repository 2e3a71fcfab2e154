import type { Consumer, EachBatchPayload } from "kafkajs";
import type { Session, TakingHalf } from "../brokers/halves.js";
import type { MessageQueueHost } from "../contracts/message-queue.js";
import { assignerOf } from "./assigner.js";
import { createClient, type KafkaServices, RETRY } from "./client.js";
import { ensureTopics } from "./ensure-topics.js";
import { type Entry, entryOf } from "./entry.js";
import { Lanes } from "./lanes.js";
import { Offsets } from "./offsets.js";
import { Watch } from "./watch.js";

/** A node that says nothing for so long has ended, ms: the least that brokers allow. */
const SESSION_MS = 6_000;
const HEARTBEAT_MS = 500;
/** For so long the others wait for a node when parts are shared out anew, ms. */
const REBALANCE_MS = 10_000;
/** For so long a request waits for something to come, ms; between two of them a sign of life is given. */
const FETCH_WAIT_MS = 250;
/** Of one part, and of all, in one answer, bytes. */
const MAX_PART_BYTES = 1_024 * 1_024;
const MAX_FETCH_BYTES = 8 * 1_024 * 1_024;

/** Where what can never be taken goes. */
export type Bury = (partition: number, entries: readonly Entry[]) => Promise<void>;

/** Takes records: a member of the group, as long as a session lasts, and the lanes the records go through. */
export class Taker implements TakingHalf {
  readonly #services: KafkaServices;
  readonly #lanes: Lanes;
  #consumer: Consumer | null = null;
  #offsets: Offsets | null = null;

  constructor(services: KafkaServices, take: MessageQueueHost["take"], bury: Bury) {
    this.#services = services;
    this.#lanes = new Lanes({
      take,
      bury,
      onDone: (partition, offset) => this.#offsets?.done(partition, offset),
      onPressure: (partition, isHigh) => this.#press(partition, isHigh),
    });
  }

  async open(signal: AbortSignal): Promise<Session> {
    const client = createClient(this.#services, signal);
    const { topic, groupId } = this.#services.settings;
    const admin = client.admin();
    await admin.connect();
    await ensureTopics(admin, this.#services.settings);
    await admin.disconnect();
    const consumer = client.consumer({
      groupId,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytesPerPartition: MAX_PART_BYTES,
      maxBytes: MAX_FETCH_BYTES,
      allowAutoTopicCreation: false,
      partitionAssigners: [assignerOf(this.#services.module, () => this.#lanes.claims)],
      // A crash ends the session, whatever it was: the next one is built from the ground.
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
    const watch = new Watch(consumer);
    this.#listen(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    // What `run` waits for is that it has joined the group, or has crashed.
    await consumer.run({ autoCommit: false, eachBatch: (payload) => this.#onBatch(payload) });
    await watch.joined;
    // Before that the package throws at a pause.
    this.#consumer = consumer;
    return { broken: watch.broken, close: () => this.#leave(consumer, watch) };
  }

  settle(): Promise<void> {
    return this.#lanes.settle();
  }

  async retire(): Promise<void> {
    // What is brought from now on is not taken: a consumer that is only being opened need not be paused.
    this.#pause();
    await this.#lanes.retire();
    await this.#offsets?.flushed();
  }

  #listen(consumer: Consumer): void {
    const { topic } = this.#services.settings;
    const commit = (offsets: ReadonlyMap<number, bigint>): Promise<void> =>
      consumer.commitOffsets([...offsets].map(([partition, offset]) => ({ topic, partition, offset: `${offset}` })));
    const offsets = new Offsets(commit);
    this.#offsets = offsets;
    this.#lanes.assign([]);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const mine = payload.memberAssignment[topic] ?? [];
      offsets.keep(mine);
      this.#lanes.assign(mine);
    });
  }

  async #onBatch({ batch }: EachBatchPayload): Promise<void> {
    this.#lanes.add(batch.partition, batch.messages.map(entryOf));
  }

  #press(partition: number, isHigh: boolean): void {
    if (isHigh) this.#pause([partition]);
    else this.#resume([partition]);
  }

  /** @param partitions all of them, where none are given */
  #pause(partitions?: number[]): void {
    const { topic } = this.#services.settings;
    this.#quietly((consumer) => consumer.pause([partitions === undefined ? { topic } : { topic, partitions }]));
  }

  #resume(partitions: number[]): void {
    this.#quietly((consumer) => consumer.resume([{ topic: this.#services.settings.topic, partitions }]));
  }

  /** A consumer that has crashed throws; it brings nothing any more, so nothing is lost by that. */
  #quietly(ask: (consumer: Consumer) => void): void {
    try {
      if (this.#consumer !== null) ask(this.#consumer);
    } catch {}
  }

  async #leave(consumer: Consumer, watch: Watch): Promise<void> {
    this.#consumer = null;
    watch.end();
    await this.#offsets?.flushed();
    this.#offsets?.end();
    this.#lanes.assign([]);
    await consumer.disconnect();
  }
}
