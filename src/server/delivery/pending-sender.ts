import type { PendingCommit, PendingLimit, PendingSends } from "../../adapters/contracts/index.js";
import { ImError, isTransient } from "../../core/errors.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { StorageWatch } from "../health/storage-watch.js";
import type { Report } from "../report.js";
import type { Router } from "./router.js";

/** What was committed by another process, or before this one began, waits so long at most, ms. */
const POLL_MS = 200;
/** While the storage fails, the polls become rarer, up to this, ms. */
const MAX_PAUSE_MS = 5_000;

/** What the delivery of pending sends needs. */
export interface PendingSenderServices {
  /** Absent where the storage shares no transactions: then there is nothing to do. */
  readonly pendingSends: PendingSends | undefined;
  readonly maxUplinks: number;
  readonly router: Router;
  readonly runtime: Runtime;
  readonly storageWatch: StorageWatch;
  readonly report: Report;
}

/**
 * Brings messages that applications committed in transactions of their own into the inboxes: at once when told of a commit,
 * and by looking every 200 ms. One batch at a time; what it cannot deliver stays where it is.
 */
export class PendingSender {
  readonly #services: PendingSenderServices;
  #state: "stopped" | "waiting" | "delivering" = "stopped";
  #isStopping = true;
  /** There was a hint during a delivery, which may have looked too early. */
  #isHinted = false;
  #pauseMs = POLL_MS;
  #cancel: Cancel | null = null;

  constructor(services: PendingSenderServices) {
    this.#services = services;
  }

  /** No delivery is under way. */
  get isIdle(): boolean {
    return this.#state !== "delivering";
  }

  start(): void {
    if (this.#services.pendingSends === undefined) return;
    this.#isStopping = false;
    this.#wait(0);
  }

  /** Begins no delivery any more; one that is under way goes on to its end. */
  stop(): void {
    this.#isStopping = true;
    this.#cancel?.();
    if (this.isIdle) this.#state = "stopped";
  }

  /** There may be something now. */
  hint(): void {
    this.#isHinted = true;
    if (this.#state === "waiting") this.#wait(0);
  }

  #wait(delayMs: number): void {
    this.#cancel?.();
    if (this.#isStopping) {
      this.#state = "stopped";
      return;
    }
    this.#state = "waiting";
    this.#cancel = this.#services.runtime.setTimer(delayMs, () => void this.#deliverAll());
  }

  async #deliverAll(): Promise<void> {
    // Somebody else is asking whether it is back.
    if (!this.#services.storageWatch.isUp) return this.#wait(POLL_MS);
    this.#state = "delivering";
    this.#isHinted = false;
    try {
      while (!this.#isStopping && (await this.#deliver())) this.#isHinted = false;
      this.#pauseMs = POLL_MS;
    } catch (error) {
      if (!this.#isStopping) this.#services.report("pending-send", error);
      this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
    }
    this.#wait(this.#isHinted ? 0 : this.#pauseMs);
  }

  /** One batch. False when nothing waits. */
  async #deliver(): Promise<boolean> {
    return (await this.#commit({ maxUplinks: this.#services.maxUplinks })) !== null;
  }

  /** Some record can never be stored: take fewer until it is alone at the front, and refuse that one. */
  async #commit(limit: PendingLimit): Promise<PendingCommit | null> {
    try {
      return await this.#services.storageWatch.writing(() => this.#commitAndTell(limit));
    } catch (error) {
      if (isTransient(error) || limit.refuse !== undefined) throw error;
      const isAlone = limit.maxUplinks === 1;
      return this.#commit(isAlone ? { maxUplinks: 1, refuse: "store_failed" } : { maxUplinks: limit.maxUplinks >> 1 });
    }
  }

  /** A commit that comes too late for the deadline is told all the same. */
  async #commitAndTell(limit: PendingLimit): Promise<PendingCommit | null> {
    const commit = (await this.#services.pendingSends?.commit(limit)) ?? null;
    if (commit !== null) this.#announce(commit);
    return commit;
  }

  /** Nobody waits for a refusal any more, so it is told as a failure. */
  #announce(commit: PendingCommit): void {
    this.#services.router.route(commit);
    for (const [index, outcome] of commit.outcomes.entries()) {
      const messageId = commit.uplinks[index]?.messageId as string;
      if (outcome.kind === "refused") this.#services.report("pending-send", new ImError(outcome.code), { messageId });
    }
  }
}
