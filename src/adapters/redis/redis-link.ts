import { ImError } from "../../core/errors.js";
import type { Condition } from "../contracts/nodes.js";
import { type IoRedis, loadIoRedis } from "./load-ioredis.js";
import {
  ANSWER_LIMIT_MS,
  createClient,
  type Outcome,
  type RedisClient,
  runScripts,
  type ScriptCall,
} from "./redis-client.js";
import { placeText, type RedisPlace } from "./redis-place.js";

/** A start that reaches nobody resolves after so long, ms. */
const START_LIMIT_MS = 3_000;
/** Why, where nobody has said anything else. */
const CLOSED = "the connection was closed";

/** The line to Redis: calls with a deadline while it is open, silence afterwards. */
export class RedisLink {
  readonly #place: RedisPlace;
  /** What ends when the link is closed: calls and the start. */
  readonly #pending = new Set<() => void>();
  #client: RedisClient | null = null;
  #isClosed = false;
  /** What was told last: the reason, or that it is up. */
  #told: string | null = null;
  #lastError = CLOSED;
  #onCondition: (condition: Condition) => void = () => undefined;

  constructor(place: RedisPlace) {
    this.#place = place;
  }

  /** Whom to tell how the line is, from `open` until `close`. */
  onCondition(tell: (condition: Condition) => void): void {
    this.#onCondition = tell;
  }

  /**
   * Connects. Resolves when it is connected, after 3 s without success, or when the link is closed.
   * Errors: `operation_failed` without the package.
   */
  async open(load: () => Promise<IoRedis> = loadIoRedis): Promise<void> {
    const library = await load();
    if (this.#isClosed || this.#client !== null) return;
    const client = createClient(library, this.#place);
    this.#client = client;
    const isReady = new Promise<void>((resolve) => client.once("ready", resolve));
    this.#listen(client);
    await this.#within(START_LIMIT_MS, isReady).catch(() => undefined);
  }

  /** The results, in the order of the calls. Errors: `unavailable` within 1 s, when any of them failed. */
  async run(calls: readonly ScriptCall[]): Promise<readonly unknown[]> {
    const client = this.#client;
    if (client === null || this.#isClosed) throw this.#unavailable("is closed or not started");
    if (client.status !== "ready") throw this.#unavailable("cannot be reached", this.#lastError);
    try {
      return resultsOf(await this.#within(ANSWER_LIMIT_MS, runScripts(client, calls)));
    } catch (error) {
      throw this.#unavailable("did not do what it was asked for", error);
    }
  }

  /** Gives everything back. What is under way rejects. Repeatable. */
  close(): void {
    this.#isClosed = true;
    for (const giveUp of [...this.#pending]) giveUp();
    this.#client?.disconnect();
  }

  #listen(client: RedisClient): void {
    // Without a listener an error would end the process.
    client.on("error", (error: Error) => {
      this.#lastError = error.message;
    });
    client.on("ready", () => {
      this.#lastError = CLOSED;
      this.#tell({ state: "up" });
    });
    client.on("close", () => this.#tell({ state: "down", reason: `${placeText(this.#place)}: ${this.#lastError}` }));
  }

  /** Once per change of the state or its reason, however often it fails. */
  #tell(condition: Condition): void {
    const told = condition.state === "up" ? "" : condition.reason;
    if (this.#isClosed || this.#told === told) return;
    this.#told = told;
    this.#onCondition(condition);
  }

  #within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#pending.delete(giveUp);
        settle();
      };
      const giveUp = (): void => end(() => reject(new Error("no answer in time")));
      const timer = setTimeout(giveUp, limitMs);
      this.#pending.add(giveUp);
      answer.then(
        (result) => end(() => resolve(result)),
        (error) => end(() => reject(error)),
      );
    });
  }

  #unavailable(why: string, cause?: unknown): ImError {
    const reason = cause === undefined ? "" : `: ${cause instanceof Error ? cause.message : cause}`;
    return new ImError("unavailable", { message: `${placeText(this.#place)} ${why}${reason}`, cause });
  }
}

function resultsOf(outcomes: readonly Outcome[]): readonly unknown[] {
  return outcomes.map((outcome) => {
    if ("error" in outcome) throw outcome.error;
    return outcome.result;
  });
}
