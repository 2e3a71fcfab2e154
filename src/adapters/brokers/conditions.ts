import type { Condition } from "../contracts/nodes.js";

/** The two halves of a queue. */
export type HalfName = "publishing" | "taking";

const HALVES: readonly HalfName[] = ["publishing", "taking"];

/** Makes one condition of those of both halves, and tells it when it, or its reason, has changed. Nothing is told before both are known. */
export class Conditions {
  readonly #tell: (condition: Condition) => void;
  /** What is wrong with each; `null` for nothing. */
  readonly #wrong = new Map<HalfName, string | null>();
  #told: Condition | null = null;
  #isSilent = false;

  constructor(tell: (condition: Condition) => void) {
    this.#tell = tell;
  }

  /** Both work. */
  get isUp(): boolean {
    return this.#told?.state === "up";
  }

  /** Whether anything is known of a half. */
  knows(half: HalfName): boolean {
    return this.#wrong.has(half);
  }

  /** @param wrong `null` when it works */
  set(half: HalfName, wrong: string | null): void {
    this.#wrong.set(half, wrong);
    const condition = this.#current();
    if (condition === null || this.#isSilent || isSame(condition, this.#told)) return;
    this.#told = condition;
    this.#tell(condition);
  }

  /** Nothing is told any more. */
  silence(): void {
    this.#isSilent = true;
  }

  #current(): Condition | null {
    if (this.#wrong.size < HALVES.length) return null;
    const broken = HALVES.filter((half) => this.#wrong.get(half) !== null);
    if (broken.length === 0) return { state: "up" };
    return { state: broken.length === HALVES.length ? "down" : "degraded", reason: this.#reasonOf(broken) };
  }

  /** What is wrong with both is said once. */
  #reasonOf(broken: readonly HalfName[]): string {
    const reasons = broken.map((half) => this.#wrong.get(half));
    if (broken.length === HALVES.length && new Set(reasons).size === 1) return `${reasons[0]}`;
    return broken.map((half) => `${half}: ${this.#wrong.get(half)}`).join("; ");
  }
}

function isSame(condition: Condition, told: Condition | null): boolean {
  if (condition.state !== told?.state) return false;
  return condition.state === "up" || told.state === "up" || condition.reason === told.reason;
}
