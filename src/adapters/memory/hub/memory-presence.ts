import type { UserId } from "../../../core/model.js";
import type { Condition } from "../../contracts/nodes.js";
import type { Claim, ClaimRequest, Presence, Route } from "../../contracts/presence.js";
import type { MemoryBook } from "./memory-book.js";
import type { MemoryLine } from "./memory-line.js";

/** A presence inside one process: one node's own handle on the book of its hub. */
export class MemoryPresence implements Presence {
  readonly #book: MemoryBook;
  readonly #line: MemoryLine;
  #onCondition: (condition: Condition) => void = () => undefined;

  /** Use `hub.presence()`. */
  constructor(book: MemoryBook, line: MemoryLine) {
    this.#book = book;
    this.#line = line;
  }

  bind(host: { onCondition(condition: Condition): void }): void {
    this.#line.assertNotOpen();
    this.#onCondition = (condition) => host.onCondition(condition);
  }

  async start(): Promise<void> {
    if (this.#line.open(this.#onCondition)) await this.#line.reach();
  }

  async close(): Promise<void> {
    this.#line.close();
  }

  claim(request: ClaimRequest): Promise<Claim> {
    return this.#line.call(() => this.#book.claim(request));
  }

  renew(routes: readonly Route[]): Promise<void> {
    return this.#line.call(() => this.#book.renew(routes));
  }

  release(routes: readonly Route[]): Promise<void> {
    return this.#line.call(() => this.#book.release(routes));
  }

  locate(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Route[]>> {
    return this.#line.call(() => this.#book.locate(userIds));
  }
}
