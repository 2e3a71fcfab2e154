import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { Outcome, Storage, Uplink } from "../../../../src/adapters/contracts/index.js";
import { ImError, isImError, isTransient } from "../../../../src/core/errors.js";
import { together } from "../../../../src/testing/conformance/storage/together.js";
import { eventually } from "../../../e2e/stage.js";
import type { Crowd } from "./crowd.js";
import { Ledger } from "./ledger.js";

const FIRST_RETRY_MS = 20;
const MAX_RETRY_MS = 500;

/** What a load is made of. */
export interface LoadSettings {
  readonly crowd: Crowd;
  /** Storages on one database, as of so many nodes. */
  readonly nodes: readonly Storage[];
  readonly committers: number;
  /** An answer that takes longer is given up, as a server does: the batch is brought again beside the first. */
  readonly patienceMs?: number;
}

/** Committers that bring each batch, under the same keys, until it is answered. */
export class Load {
  readonly ledger = new Ledger();
  /** When each committer had its last answer. */
  readonly answeredAt: number[];
  readonly #settings: LoadSettings;
  /** Errors that a committer saw and got over, by their codes. */
  readonly #troubles = new Map<string, number>();
  #firstTrouble = "";
  #commits = 0;
  #byKey = 0;
  /** The test has finished, or a committer has met what no repetition helps against: nobody goes on. */
  #isStopped = false;

  constructor(settings: LoadSettings) {
    this.#settings = settings;
    this.answeredAt = Array.from({ length: settings.committers }, () => 0);
    onTestFinished(() => {
      this.#isStopped = true;
    });
  }

  /** Batches that were answered. */
  get commits(): number {
    return this.#commits;
  }

  /** Messages that were stored by a commit whose answer was not heard, as their keys told when they were brought again. */
  get foundByKey(): number {
    return this.#byKey;
  }

  /** How many errors a committer got to see. */
  get troubles(): number {
    return [...this.#troubles.values()].reduce((sum, count) => sum + count, 0);
  }

  /** What the first of them was, with what led to it. */
  get firstTrouble(): string {
    return this.#firstTrouble;
  }

  /** The codes of these errors, and how often each came. */
  get troublesByCode(): string {
    return [...this.#troubles].map(([code, count]) => `${count}×${code}`).join(" ") || "none";
  }

  /** Commits until it is over and what is under way is answered. Rejects with the first error that is not transient. */
  run(isOver: () => boolean): Promise<void> {
    const all = together(this.answeredAt.map((_, index) => this.#work(index, isOver)));
    // Whoever runs it looks at it later.
    all.catch(() => {});
    return all;
  }

  /** Brings one batch until it is answered. */
  async commit(node: Storage, batch: readonly Uplink[]): Promise<void> {
    for (let rest = batch, retries = 0; rest.length > 0 && !this.#isStopped; ) {
      const outcomes = await this.#attempt(node, rest);
      if (outcomes === null) await sleep(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** retries++));
      this.#note(rest, outcomes ?? []);
      rest = rest.slice(outcomes?.length ?? 0);
    }
    this.#commits++;
  }

  /** Resolves when every committer has had an answer from now on; gives how long the last one waited, ms. */
  async allAnswered(): Promise<number> {
    const from = performance.now();
    await eventually(() => this.answeredAt.every((at) => at > from), "every committer has an answer");
    return Math.round(performance.now() - from);
  }

  #note(batch: readonly Uplink[], outcomes: readonly Outcome[]): void {
    for (const [index, outcome] of outcomes.entries()) {
      this.ledger.note(batch[index] as Uplink, outcome);
      if (outcome.kind === "stored" && outcome.fresh === null) this.#byKey++;
    }
  }

  async #work(index: number, isOver: () => boolean): Promise<void> {
    const { nodes, crowd } = this.#settings;
    while (!isOver() && !this.#isStopped) {
      await this.commit(nodes[index % nodes.length] as Storage, crowd.batch());
      this.answeredAt[index] = performance.now();
    }
  }

  /** `null`: to be tried again. */
  async #attempt(node: Storage, batch: readonly Uplink[]): Promise<readonly Outcome[] | null> {
    try {
      return await this.#patiently(node.messages.commit(batch).then(({ outcomes }) => outcomes));
    } catch (error) {
      if (!isTransient(error)) {
        this.#isStopped = true;
        throw error;
      }
      const code = isImError(error) ? error.code : "?";
      this.#firstTrouble ||= `${(error as Error).message}: ${String((error as Error).cause)}`;
      this.#troubles.set(code, (this.#troubles.get(code) ?? 0) + 1);
      return null;
    }
  }

  async #patiently<T>(answer: Promise<T>): Promise<T> {
    const { patienceMs } = this.#settings;
    if (patienceMs === undefined) return answer;
    const late = new AbortController();
    const limit = sleep(patienceMs, undefined, late).then(() => {
      throw new ImError("unavailable", { message: `no answer within ${patienceMs} ms` });
    });
    // Whoever loses the race is nobody's.
    for (const each of [limit, answer]) each.catch(() => {});
    return Promise.race([answer, limit]).finally(() => late.abort());
  }
}
