import type { Consumer } from "kafkajs";

/** Without any sign from the brokers for so long something is wrong, ms. */
const SILENCE_MS = 15_000;

/** Hears how a consumer is. */
export class Watch {
  /** Rejects when the group cannot be joined. */
  readonly joined: Promise<void>;
  /** Resolves with what has gone wrong, or with nothing when it was ended. */
  readonly broken: Promise<unknown>;
  #resolveBroken: (error: unknown) => void = () => undefined;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(consumer: Consumer) {
    this.broken = new Promise((resolve) => {
      this.#resolveBroken = resolve;
    });
    this.joined = new Promise((resolve, reject) => {
      consumer.on(consumer.events.GROUP_JOIN, () => resolve());
      void this.broken.then(reject);
    });
    this.joined.catch(() => undefined);
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#break(payload.error));
    consumer.on(consumer.events.REQUEST_TIMEOUT, () => this.#break(new Error("a broker does not answer")));
    consumer.on(consumer.events.HEARTBEAT, () => this.#hear());
    consumer.on(consumer.events.GROUP_JOIN, () => this.#hear());
  }

  /** It is not watched any more. */
  end(): void {
    this.#break(undefined);
  }

  #hear(): void {
    clearTimeout(this.#timer);
    if (!this.#isOver) this.#timer = setTimeout(() => this.#break(new Error("the brokers say nothing")), SILENCE_MS);
  }

  #break(error: unknown): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#resolveBroken(error);
  }
}
