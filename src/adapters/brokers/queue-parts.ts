import { ImError } from "../../core/errors.js";
import type { MessageQueueHost } from "../contracts/message-queue.js";
import { Conditions, type HalfName } from "./conditions.js";
import type { BrokerKind, Half, Halves, PublishingHalf, TakingServices } from "./halves.js";
import { Insistence } from "./insistence.js";
import { Supervisor } from "./supervisor.js";
import { within } from "./within.js";

/** A start gives up waiting for a broker that does not answer after so long, ms. */
const REACH_WITHIN_MS = 3_000;
/** Once it can publish, the half that takes is waited for so much longer, ms: what its broker is doing may take half a minute. */
const JOIN_WITHIN_MS = 500;
/** What is told of the half that takes when it has not begun by then. */
const JOINING = "still waits for its share of the queue";
/** At the end dead letters are waited for so long, ms. */
const SETTLE_MS = 1_000;

/** The two halves of a queue, each with a session of its own, so that one may fail without the other. */
export class QueueParts {
  readonly publisher: PublishingHalf;
  readonly #kind: BrokerKind;
  readonly #halves: Halves;
  readonly #insistence = new Insistence();
  readonly #conditions: Conditions;
  readonly #publishing: Supervisor;
  readonly #taking: Supervisor;
  #isClosed = false;
  /** Something about the broker is known: it answers, or why it does not. */
  #onNews: (error: ImError | null) => void = () => undefined;
  #joining: NodeJS.Timeout | undefined;

  constructor(kind: BrokerKind, host: MessageQueueHost, create: (services: TakingServices) => Halves) {
    this.#kind = kind;
    this.#halves = create({
      take: (records) => (this.#isClosed ? Promise.reject(new Error("the queue is closed")) : host.take(records)),
      insist: (attempt) => this.#insistence.insist(attempt),
    });
    this.publisher = this.#halves.publishing;
    this.#conditions = new Conditions((condition) => host.onCondition(condition));
    this.#publishing = this.#supervise("publishing", this.#halves.publishing);
    this.#taking = this.#supervise("taking", this.#halves.taking);
  }

  /** See `MessageQueue.start`. @param isTaking false: nothing is taken, from the beginning */
  async start(isTaking: boolean): Promise<void> {
    const reached = this.#firstNews();
    this.#publishing.start();
    if (isTaking) this.#taking.start();
    else this.#conditions.set("taking", null);
    await reached;
  }

  /** See `MessageQueue.stopTaking`. */
  async stopTaking(): Promise<void> {
    // Whatever goes wrong with the goodbye, the connection ends.
    await this.#halves.taking.retire().catch(() => undefined);
    await this.#taking.close();
    this.#conditions.set("taking", null);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#conditions.silence();
    clearTimeout(this.#joining);
    this.#onNews(null);
    await within(this.#halves.taking.settle(), SETTLE_MS);
    this.#insistence.end();
    this.publisher.close();
    await Promise.all([this.#publishing.close(), this.#taking.close()]);
  }

  #supervise(name: HalfName, half: Half): Supervisor {
    return new Supervisor({
      open: (signal, onTrouble) => half.open(signal, onTrouble),
      onChange: (wrong, error) => this.#note(name, wrong, error),
      reasonOf: (error) => this.#kind.reasonOf(error),
    });
  }

  #note(name: HalfName, wrong: string | null, error: unknown): void {
    this.#conditions.set(name, wrong);
    if (this.#conditions.isUp) this.#onNews(null);
    else if (name === "publishing" && wrong === null)
      this.#joining ??= setTimeout(() => this.#onLate(), JOIN_WITHIN_MS);
    if (error !== undefined && this.#kind.isHopeless(error)) this.#onNews(this.#hopeless(error));
  }

  /** It can publish, and nobody is to wait for the other half. */
  #onLate(): void {
    if (!this.#conditions.knows("taking")) this.#conditions.set("taking", JOINING);
    this.#onNews(null);
  }

  #hopeless(cause: unknown): ImError {
    const message = `${this.#kind.name} cannot work: ${this.#kind.reasonOf(cause)}`;
    return new ImError("operation_failed", { message, cause });
  }

  /** Resolves when everything works, when it can publish and that is all, or when nothing is known in time. Rejects with what no waiting changes. */
  #firstNews(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#onNews(null), REACH_WITHIN_MS);
      this.#onNews = (error) => {
        clearTimeout(timer);
        if (error === null) resolve();
        else reject(error);
      };
    });
  }
}
