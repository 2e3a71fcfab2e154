import type { ConversationKey } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";

/** A conversation, or the whole queue, is passed by for so long, ms. */
const PASS_BY_MS = 5_000;
/** So many conversations in a row that were not brought in time: it is the queue, and not one part of it. */
const MAX_LATE = 8;
/** Conversations that are remembered, at most; what is beyond waits its second again. */
const MAX_CONVERSATIONS = 10_000;

/**
 * Who passes a queue by for a while: the conversations it did not bring in time, because a part of it stands still or too much waits for it, or all of them.
 * Nobody waits twice for the same part within a few seconds.
 */
export class Detour {
  readonly #runtime: Runtime;
  /** Until when, elapsed ms; the first to end stands first. */
  readonly #until = new Map<ConversationKey, number>();
  #allUntil = 0;
  #lateInARow = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Whether this conversation passes the queue by just now. */
  isTaken(conversation: ConversationKey): boolean {
    const now = this.#runtime.elapsed();
    return now < this.#allUntil || now < (this.#until.get(conversation) ?? 0);
  }

  /** The queue has not brought it in time. */
  late(conversation: ConversationKey): void {
    this.noRoom(conversation);
    if (++this.#lateInARow < MAX_LATE) return;
    this.#lateInARow = 0;
    this.#allUntil = this.#runtime.elapsed() + PASS_BY_MS;
  }

  /** No more may wait for the queue. What follows in the conversation must not overtake what has passed the queue by. */
  noRoom(conversation: ConversationKey): void {
    const now = this.#runtime.elapsed();
    this.#forget(now);
    this.#until.delete(conversation);
    if (this.#until.size < MAX_CONVERSATIONS) this.#until.set(conversation, now + PASS_BY_MS);
  }

  /** The queue has brought something in time. */
  inTime(): void {
    this.#lateInARow = 0;
  }

  #forget(now: number): void {
    for (const [conversation, until] of this.#until) {
      if (until > now) return;
      this.#until.delete(conversation);
    }
  }
}
