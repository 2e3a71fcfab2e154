import type { Heads, MessageStore } from "../../adapters/contracts/index.js";
import type { UserId } from "../../core/model.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { ConnectionTable } from "../connections/table.js";
import type { Report } from "../report.js";

/** Users whose heads are read in one statement. */
const BATCH = 500;
const RETRY_MS = 500;
/** So often it is looked whether the interval has become shorter, ms. */
const LOOK_EVERY_MS = 500;

/**
 * The repair of lost hints: reads the heads of all connected users in rounds of half an interval, in batches spread over
 * it, and wakes the streams that are behind. Who comes when a round has begun waits for the end of the next one at most:
 * so a hint may be lost anywhere, and nobody waits longer than an interval.
 */
export class HeadReader {
  readonly #store: MessageStore;
  readonly #table: ConnectionTable;
  readonly #runtime: Runtime;
  readonly #report: Report;
  readonly #intervalMs: () => number;
  #round: UserId[] = [];
  /** The last reading failed: told once, not with every try. */
  #isFailing = false;
  /** Batches of the round under way. */
  #batches = 1;
  #cancel: Cancel | null = null;
  #stopped = true;

  /** @param intervalMs how long a lost hint may stay unnoticed; when it becomes shorter, that counts at once */
  constructor(store: MessageStore, table: ConnectionTable, intervalMs: () => number, runtime: Runtime, report: Report) {
    this.#store = store;
    this.#table = table;
    this.#runtime = runtime;
    this.#report = report;
    this.#intervalMs = intervalMs;
  }

  start(): void {
    this.#stopped = false;
    this.#next(() => this.#roundMs);
  }

  get #roundMs(): number {
    return this.#intervalMs() / 2;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #next(pauseMs: () => number): void {
    this.#wait(this.#runtime.elapsed(), pauseMs);
  }

  /** @param plannedMs what was planned before: when others are heard again, what they said last may have been missed */
  #wait(since: number, pauseMs: () => number, plannedMs = Number.POSITIVE_INFINITY): void {
    if (this.#stopped) return;
    const planned = Math.min(plannedMs, pauseMs());
    const leftMs = since + planned - this.#runtime.elapsed();
    const lookAgain = (): void => this.#wait(since, pauseMs, planned);
    if (leftMs <= 0) void this.#step();
    else this.#cancel = this.#runtime.setTimer(Math.min(leftMs, LOOK_EVERY_MS), lookAgain);
  }

  async #step(): Promise<void> {
    if (this.#round.length === 0) this.#beginRound();
    const batch = this.#round.slice(0, BATCH);
    try {
      if (batch.length > 0) this.#wake(batch, await this.#store.readHeads(batch));
      this.#isFailing = false;
      this.#round = this.#round.slice(BATCH);
      this.#next(() => this.#roundMs / this.#batches);
    } catch (error) {
      if (!this.#stopped && !this.#isFailing) this.#report("read-heads", error);
      this.#isFailing = true;
      this.#next(() => RETRY_MS);
    }
  }

  #beginRound(): void {
    this.#round = this.#table.users();
    this.#batches = Math.max(1, Math.ceil(this.#round.length / BATCH));
  }

  #wake(userIds: readonly UserId[], { heads, syncEpoch }: Heads): void {
    if (this.#stopped) return;
    for (const userId of userIds) {
      const head = heads.get(userId) ?? 0;
      for (const connection of [...this.#table.ofUser(userId)]) connection.stream?.reaches(head, syncEpoch);
    }
  }
}
