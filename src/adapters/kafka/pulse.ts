import type { Admin } from "kafkajs";

/** Between two questions, ms. */
const EVERY_MS = 3_000;

/** Asks the brokers now and then whether they are there: who publishes nothing would not notice. */
export class Pulse {
  readonly #admin: Admin;
  readonly #topic: string;
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** @param admin connected; `end` closes it */
  constructor(admin: Admin, topic: string, onFailure: (error: unknown) => void) {
    this.#admin = admin;
    this.#topic = topic;
    this.#onFailure = onFailure;
    this.#later();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#admin.disconnect();
  }

  #later(): void {
    if (!this.#isOver) this.#timer = setTimeout(() => void this.#ask(), EVERY_MS);
  }

  async #ask(): Promise<void> {
    try {
      await this.#admin.fetchTopicMetadata({ topics: [this.#topic] });
      this.#later();
    } catch (error) {
      if (!this.#isOver) this.#onFailure(error);
    }
  }
}
