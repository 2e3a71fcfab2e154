import { createImClient, type ImClient, type ImMessage } from "shyim/client";
import { onTestFinished } from "vitest";
import type { Recipient } from "../../../src/core/recipient.js";
import { eventually } from "../../e2e/stage.js";

/** A client that knows when it has shown what. */
export class TimedClient {
  /** In this order. */
  readonly shown: ImMessage[] = [];
  readonly #client: ImClient;
  readonly #shownAt = new Map<string, number>();

  private constructor(url: string, userId: string) {
    this.#client = createImClient({ url, token: userId });
    onTestFinished(() => this.#client.close());
    this.#client.on("message", (message) => {
      this.#shownAt.set(message.messageId, performance.now());
      this.shown.push(message);
    });
  }

  static async connect(url: string, userId: string): Promise<TimedClient> {
    const client = new TimedClient(url, userId);
    await client.#client.connect();
    return client;
  }

  /** Sends a message, which another one is to show as well. Resolves with how long after the ACK that was, ms; 0: before it. */
  async reach(other: TimedClient, to: Recipient, text: string): Promise<number> {
    const { messageId } = await this.#client.send({ to, text });
    const ackedAt = performance.now();
    await eventually(() => other.#shownAt.has(messageId), `the other one has seen ${text}`);
    return Math.max(0, (other.#shownAt.get(messageId) ?? 0) - ackedAt);
  }
}
