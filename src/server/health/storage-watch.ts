import type { Storage } from "../../adapters/contracts/index.js";
import { isImError, isTransient } from "../../core/errors.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { Deadlines } from "../deadlines.js";
import type { Logger } from "../logger.js";
import type { Report } from "../report.js";
import { type AdapterHealth, HealthRecord } from "./adapter-health.js";

/** What is down is tried so often, ms: who comes back is served again well within 5 s. */
const RETRY_MS = 1_000;
/** A shared storage that nobody has used for so long is asked whether it is there, ms. */
const PROBE_MS = 5_000;

/** What watching a storage needs. */
export interface StorageWatchServices {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly deadlines: Deadlines;
  readonly report: Report;
  readonly logger: Logger;
}

/**
 * Opens the storage and knows whether it is there. A shared one, which somebody else runs, may be away when this server starts:
 * then it is tried again until it comes. Afterwards every call tells how it is; while it is down, or nobody calls, it is asked.
 */
export class StorageWatch {
  readonly #services: StorageWatchServices;
  readonly #health: HealthRecord;
  #isOpen = false;
  #isStopped = false;
  /** A commit did not go through: that questions are answered says nothing then. */
  #cannotWrite = false;
  /** Somebody was told that it is down. */
  #wasTold = false;
  /** A call has been answered since the last look. */
  #wasHeard = false;
  #cancel: Cancel | null = null;

  constructor(services: StorageWatchServices) {
    this.#services = services;
    this.#health = new HealthRecord(services.runtime);
  }

  get health(): AdapterHealth {
    return this.#health.current;
  }

  /** Whether calls make sense just now. */
  get isUp(): boolean {
    return this.#health.isUp;
  }

  /**
   * Opens the storage, or leaves it to the watch when a shared one cannot be reached yet.
   * Errors: what its `start` rejects with, when no waiting helps.
   */
  async open(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      if (!this.#mayComeLater(error)) throw error;
      this.#fails(error);
    }
    this.#lookLater();
  }

  /** Looks no longer. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  /**
   * What a question to the storage gives, in time; from it the watch learns how the storage is.
   * Errors: `unavailable` when it takes too long; what `call` rejects with.
   */
  reading<T>(call: () => Promise<T>): Promise<T> {
    return this.#within(call, "reading");
  }

  /** The same for what changes something. */
  writing<T>(call: () => Promise<T>): Promise<T> {
    return this.#within(call, "writing");
  }

  async #within<T>(call: () => Promise<T>, kind: "reading" | "writing"): Promise<T> {
    try {
      const result = await this.#services.deadlines.within("the storage", call);
      if (kind === "writing") this.#cannotWrite = false;
      if (this.#isOpen && !this.#cannotWrite) this.#answers();
      return result;
    } catch (error) {
      // Anything else is an answer, though not to everybody's liking.
      if (isImError(error, "unavailable") && this.#isOpen) this.#goesDown(error, kind);
      throw error;
    }
  }

  get #isShared(): boolean {
    return this.#services.storage.isShared === true;
  }

  #mayComeLater(error: unknown): boolean {
    return this.#isShared && isTransient(error);
  }

  /** A file of our own may take as long as it likes, to be migrated for example; a server that does not answer is away. */
  async #open(): Promise<void> {
    const { deadlines, storage } = this.#services;
    await (this.#isShared ? deadlines.within("the storage", () => storage.start()) : storage.start());
    this.#isOpen = true;
    this.#answers();
  }

  #answers(): void {
    this.#wasHeard = true;
    if (this.#wasTold) this.#services.logger.info({}, "the storage answers again");
    this.#wasTold = false;
    this.#health.up();
  }

  /** Opening failed. Told once for each reason, not with every try. */
  #fails(error: unknown): void {
    const isNews = this.#health.down(reasonOf(error));
    if (!isNews || this.#isStopped) return;
    this.#wasTold = true;
    this.#services.report("storage", error);
  }

  #goesDown(error: unknown, kind: "reading" | "writing"): void {
    const wasUp = this.isUp;
    if (kind === "writing") this.#cannotWrite = true;
    this.#wasTold = true;
    this.#health.down(reasonOf(error));
    // Whoever made the call reports it. The next look is due sooner than it was planned.
    if (wasUp) this.#lookLater();
  }

  #lookLater(): void {
    this.#cancel?.();
    if (this.#isStopped || (this.isUp && !this.#isShared)) return;
    this.#cancel = this.#services.runtime.setTimer(this.isUp ? PROBE_MS : RETRY_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    const isKnown = this.isUp && this.#wasHeard;
    this.#wasHeard = false;
    if (!isKnown) await (this.#isOpen ? this.#ask() : this.#open()).catch((error) => this.#fails(error));
    this.#lookLater();
  }

  /** The least there is to ask for. */
  async #ask(): Promise<void> {
    const { deadlines, storage } = this.#services;
    await deadlines.within("the storage", async () => {
      await (storage.probe?.() ?? storage.messages.readHeads([]));
    });
    this.#cannotWrite = false;
    this.#answers();
  }
}

/** With what led there, one step deep: a storage's own sentence may be general. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error && !message.includes(cause.message) ? `${message}: ${cause.message}` : message;
}
