import { setTimeout as sleep } from "node:timers/promises";
import type { MessageStore } from "../../../src/adapters/contracts/index.js";
import type { Seq, UserId } from "../../../src/core/model.js";
import type { History } from "../../../src/testing/simulation/history.js";

const LOOK_EVERY_MS = 250;

/** Asks the storage, past the nodes, how far the inboxes are, and writes down what is new. */
export class HeadsWatcher {
  readonly #messages: Pick<MessageStore, "readHeads">;
  readonly #userIds: readonly UserId[];
  readonly #history: History;
  readonly #heads = new Map<UserId, Seq>();
  readonly #end = new AbortController();
  readonly #done: Promise<void>;

  constructor(messages: Pick<MessageStore, "readHeads">, userIds: readonly UserId[], history: History) {
    this.#messages = messages;
    this.#userIds = userIds;
    this.#history = history;
    this.#done = this.#watch();
  }

  /** Looks once more. Rejects when the storage does not answer. */
  async look(): Promise<void> {
    const { heads } = await this.#messages.readHeads(this.#userIds);
    for (const [userId, head] of heads) {
      for (let seq = (this.#heads.get(userId) ?? 0) + 1; seq <= head; seq++) {
        this.#history.record({ kind: "committed", userId, seq });
      }
      this.#heads.set(userId, Math.max(head, this.#heads.get(userId) ?? 0));
    }
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#done;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      // A storage that is away shows nothing new.
      await this.look().catch(() => undefined);
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
