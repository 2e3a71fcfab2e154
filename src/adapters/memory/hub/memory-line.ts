import { ImError } from "../../../core/errors.js";
import type { Cancel } from "../../../core/runtime.js";
import type { Condition } from "../../contracts/nodes.js";
import type { HubTimers } from "./hub-timers.js";
import type { MemoryLink } from "./memory-link.js";

/** A call that was not answered by now counts as failed, ms. */
const CALL_LIMIT_MS = 1_000;
/** So many calls a start makes to a hub that does not answer: three seconds. */
const START_TRIES = 3;

const UP: Condition = { state: "up" };
const DOWN: Condition = { state: "down", reason: "the hub does not answer" };

/** What one handle has of its node's link: calls with a deadline while the handle is open, silence afterwards. */
export class MemoryLine {
  readonly link: MemoryLink;
  readonly timers: HubTimers;
  readonly #what: string;
  readonly #pending = new Set<() => void>();
  #state: "new" | "open" | "closed" = "new";
  #condition: Condition | null = null;
  #onCondition: (condition: Condition) => void = () => undefined;
  #unwatch: Cancel = () => undefined;
  #resolveClosed: () => void = () => undefined;
  /** Resolves when the line is closed. */
  readonly closed = new Promise<void>((resolve) => {
    this.#resolveClosed = resolve;
  });

  /** @param what how errors name the handle, for example `the memory presence` */
  constructor(link: MemoryLink, timers: HubTimers, what: string) {
    this.link = link;
    this.timers = timers;
    this.#what = what;
  }

  /** Neither opened nor closed so far. */
  get isNew(): boolean {
    return this.#state === "new";
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** For `bind`: what runs keeps its host. Errors: `Error` while it is open. */
  assertNotOpen(): void {
    if (this.isOpen) throw new Error(`${this.#what} runs with the host it has: bind() comes before start()`);
  }

  /** Lets calls through and tells how the line is, from now on. False when it is open already or closed for good. */
  open(onCondition: (condition: Condition) => void): boolean {
    if (this.#state !== "new") return false;
    this.#state = "open";
    this.#onCondition = onCondition;
    this.#unwatch = this.link.watch(() => this.#look());
    this.#look();
    return true;
  }

  /** Resolves when the hub answers, after 3 s without an answer, or when the line is closed. Never rejects. */
  async reach(): Promise<void> {
    for (let tries = 0; this.isOpen && tries < START_TRIES; tries++) {
      const isReached = await this.call(() => true).catch(() => false);
      if (isReached) return;
    }
  }

  /**
   * What `ask` gives at the hub.
   * Errors: `unavailable` when the answer does not come within 1 s, or the line is closed; what `ask` throws or rejects with.
   */
  call<T>(ask: () => T | Promise<T>): Promise<T> {
    if (!this.isOpen) return Promise.reject(this.#unavailable("is closed or not started"));
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        cancel();
        this.#pending.delete(giveUp);
        settle();
      };
      const giveUp = (): void => end(() => reject(this.#unavailable("got no answer in time")));
      const cancel = this.timers.setTimer(CALL_LIMIT_MS, () => this.link.inside(giveUp));
      this.#pending.add(giveUp);
      const answer = (settle: () => void): void => this.link.tell(() => end(settle));
      this.link.ask(() => {
        new Promise<T>((give) => give(ask())).then(
          (result) => answer(() => resolve(result)),
          (error) => answer(() => reject(error)),
        );
      });
    });
  }

  /** Brings something from the hub to the node, unless the line is closed by then. */
  tell(run: () => void): void {
    this.link.tell(() => {
      if (this.isOpen) run();
    });
  }

  /** Runs something in the node after a while, unless the line is closed by then. */
  later(delayMs: number, run: () => void): Cancel {
    if (!this.isOpen) return () => undefined;
    const cancel = this.timers.setTimer(delayMs, () => {
      this.#pending.delete(cancel);
      this.link.inside(() => {
        if (this.isOpen) run();
      });
    });
    this.#pending.add(cancel);
    return () => {
      this.#pending.delete(cancel);
      cancel();
    };
  }

  /** Gives everything up, for good: what is under way rejects, no timer is left. */
  close(): void {
    this.#state = "closed";
    this.#unwatch();
    this.#resolveClosed();
    for (const giveUp of [...this.#pending]) giveUp();
    this.#pending.clear();
  }

  #look(): void {
    const condition = this.link.isUp ? UP : DOWN;
    if (condition === this.#condition) return;
    this.#condition = condition;
    this.link.inside(() => {
      if (this.isOpen) this.#onCondition(condition);
    });
  }

  #unavailable(why: string): ImError {
    return new ImError("unavailable", { message: `${this.#what} ${why}` });
  }
}
