import type { Cancel } from "../../../core/runtime.js";
import type { HubTimers } from "./hub-timers.js";
import { MemoryWay } from "./memory-way.js";

/**
 * One node's way to the hub, and what can be done to it. Handles made with the same link share its fate, as the parts of one
 * process do; handles made without one have a link each.
 */
export class MemoryLink {
  readonly #there: MemoryWay;
  readonly #back: MemoryWay;
  readonly #watchers = new Set<() => void>();
  readonly #held: (() => void)[] = [];
  #lost: "nothing" | "answers" | "everything" = "nothing";
  #isFrozen = false;
  #isCrashed = false;

  /** Use `hub.link()`. */
  constructor(timers: HubTimers, latencyMs: () => number) {
    this.#there = new MemoryWay(timers, latencyMs);
    this.#back = new MemoryWay(timers, latencyMs);
  }

  /** The node finds that its calls are answered. A frozen one finds nothing. */
  get isUp(): boolean {
    return this.#lost === "nothing" && !this.#isCrashed;
  }

  /** Others hear that the node is there. */
  get isHeard(): boolean {
    return this.#lost !== "everything" && !this.#isCrashed && !this.#isFrozen;
  }

  /** Nothing of the node is left, not even its address. */
  get isCrashed(): boolean {
    return this.#isCrashed;
  }

  /** The network fails: nothing gets through in either direction, and nothing says so. */
  cut(): void {
    this.#change(() => {
      this.#lost = "everything";
    });
  }

  /** What the node asks for happens, but it does not hear so. */
  loseAnswers(): void {
    this.#change(() => {
      this.#lost = "answers";
    });
  }

  /** The network works again. What was lost stays lost. */
  heal(): void {
    this.#change(() => {
      this.#lost = "nothing";
    });
  }

  /** The process stands still: it hears nothing and answers nothing, until `thaw`. */
  freeze(): void {
    this.#change(() => {
      this.#isFrozen = true;
    });
  }

  /** The process goes on where it stood still: it hears everything that came meanwhile, in order. */
  thaw(): void {
    this.#change(() => {
      this.#isFrozen = false;
    });
    while (!this.#isFrozen && this.#held.length > 0) this.#held.shift()?.();
  }

  /** The process ends without a goodbye, for good. */
  crash(): void {
    this.#held.length = 0;
    this.#change(() => {
      this.#isCrashed = true;
    });
  }

  /** From the node to the hub. */
  ask(arrive: () => void): void {
    this.#there.send(() => {
      if (this.#lost !== "everything" && !this.#isCrashed) arrive();
    });
  }

  /** From the hub to the node. */
  tell(arrive: () => void): void {
    this.#back.send(() => {
      if (this.#lost === "nothing") this.inside(arrive);
    });
  }

  /** Within the node, for example when a timer of it is due: later if it is frozen, never if it has crashed. */
  inside(run: () => void): void {
    if (this.#isCrashed) return;
    if (this.#isFrozen) this.#held.push(run);
    else run();
  }

  /** `run` is called whenever something was done to the link. */
  watch(run: () => void): Cancel {
    this.#watchers.add(run);
    return () => void this.#watchers.delete(run);
  }

  #change(apply: () => void): void {
    apply();
    for (const run of [...this.#watchers]) run();
  }
}
