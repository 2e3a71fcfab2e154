import type { QueueRecord } from "../../../adapters/contracts/message-queue.js";
import { assertEqual, assertThat } from "../assert.js";
import { systemClock } from "../cluster/clock.js";
import { Patience } from "../cluster/patience.js";
import type { HarmCases } from "../cluster/register-cases.js";
import type { MessageQueueFactory, MessageQueueFixture, MessageQueueHarm } from "./queue-fixture.js";
import { RecordedTaker } from "./recorded-taker.js";
import { assertOrder, hasAll } from "./test-records.js";

/** A start or a close may take so long when the broker is out of reach, ms: 3 s, and what a busy machine adds. */
const GIVES_UP_WITHIN_MS = 6_000;
/** A publish is unavailable after so long, ms: 5 s, and what a busy machine adds. */
const FAILS_WITHIN_MS = 8_000;
/** Brokers take their time to share a queue among nodes anew, and half a minute to give up one that says nothing, ms. */
const BROUGHT_WITHIN_MS = 40_000;
/** "At most a few hundred". */
const MAX_STRETCH = 1_000;

/** One case's queue and the nodes that use it. */
export class MessageQueueStage {
  readonly patience: Patience;
  /** Every record that was brought to any node, in the order of coming, repetitions too. */
  readonly brought: QueueRecord[] = [];
  readonly #fixture: MessageQueueFixture;
  readonly #takers: RecordedTaker[] = [];

  private constructor(fixture: MessageQueueFixture) {
    this.#fixture = fixture;
    this.patience = new Patience(fixture.clock ?? systemClock());
  }

  /** A node that is not started. */
  async newTaker(): Promise<RecordedTaker> {
    const taker = new RecordedTaker(await this.#fixture.join(), (record) => this.brought.push(record));
    this.#takers.push(taker);
    return taker;
  }

  /** A node that takes, as `taking` says where that is given. */
  async taker(taking?: RecordedTaker["taking"]): Promise<RecordedTaker> {
    const taker = await this.newTaker();
    if (taking !== undefined) taker.taking = taking;
    await this.start(taker);
    await this.patience.until("it is up", () => taker.state === "up", BROUGHT_WITHIN_MS);
    return taker;
  }

  /** A start that finds its broker may take longer than one that does not: it makes what is missing. */
  async start(taker: RecordedTaker): Promise<void> {
    await this.patience.for("start", taker.queue.start(), BROUGHT_WITHIN_MS);
  }

  /** A start that does not find its broker. */
  async startAway(taker: RecordedTaker): Promise<void> {
    await this.patience.for("start", taker.queue.start(), GIVES_UP_WITHIN_MS);
  }

  async publish(taker: RecordedTaker, records: readonly QueueRecord[]): Promise<void> {
    await this.patience.for("publish", taker.queue.publish(records), BROUGHT_WITHIN_MS);
  }

  async publishFails(taker: RecordedTaker, records: readonly QueueRecord[]): Promise<void> {
    await this.patience.rejects("publish", () => taker.queue.publish(records), "unavailable", FAILS_WITHIN_MS);
  }

  async stopTaking(taker: RecordedTaker): Promise<void> {
    await this.patience.for("stopTaking", taker.queue.stopTaking(), BROUGHT_WITHIN_MS);
  }

  async close(taker: RecordedTaker): Promise<void> {
    await this.patience.for("close", taker.close(), GIVES_UP_WITHIN_MS);
  }

  /** Lets time pass, and only time. */
  pass(ms: number): Promise<void> {
    return (this.#fixture.clock ?? systemClock()).pass(ms);
  }

  until(what: string, condition: () => boolean): Promise<void> {
    return this.patience.until(what, condition, BROUGHT_WITHIN_MS);
  }

  /** Waits until every one of `records` was brought somewhere. */
  untilBrought(records: readonly QueueRecord[]): Promise<void> {
    return this.until("every record was brought", () => hasAll(this.brought, records));
  }

  async deadLetters(): Promise<readonly QueueRecord[]> {
    assertThat(this.#fixture.deadLetters !== undefined, "a fixture that lists `dead letters` can read them");
    return this.#fixture.deadLetters();
  }

  /** Runs one case and checks what holds in every case. */
  static async use(create: MessageQueueFactory, body: (stage: MessageQueueStage) => Promise<void>): Promise<void> {
    const fixture = await create();
    const stage = new MessageQueueStage(fixture);
    try {
      await body(stage);
    } finally {
      await stage.patience.for("every close", Promise.all(stage.#takers.map((taker) => taker.close())));
      await fixture.dispose();
    }
    stage.#check();
  }

  #check(): void {
    assertOrder(this.brought);
    for (const { late, doubled, stretches } of this.#takers) {
      assertEqual(late, [], "calls after close");
      assertEqual(doubled, [], "keys that were brought twice side by side");
      assertThat(
        stretches.every(({ length }) => length > 0 && length <= MAX_STRETCH),
        "a stretch is neither empty nor long",
      );
    }
  }
}

/** One topic's cases. */
export type MessageQueueCases = HarmCases<MessageQueueStage, MessageQueueHarm>;
