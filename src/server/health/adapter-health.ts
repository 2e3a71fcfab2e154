import type { Condition } from "../../adapters/contracts/index.js";
import type { Runtime } from "../../core/runtime.js";

/** How a part outside this process is, as its last answers have shown. */
export interface AdapterHealth {
  /** `down`: it does not answer. `degraded`: it serves, but something is lost that it tries to get back. */
  readonly state: "up" | "degraded" | "down";
  /** Since when, ms since 1970. */
  readonly since: number;
  /** What is wrong; for people. Absent while it is up. */
  readonly reason?: string;
}

/** Keeps in mind how a part is, and since when. It is down until something is known. */
export class HealthRecord {
  readonly #runtime: Runtime;
  readonly #onChange: (health: AdapterHealth) => void;
  #current: AdapterHealth;

  /** @param onChange hears of every change of the state; what it does must not throw */
  constructor(runtime: Runtime, onChange: (health: AdapterHealth) => void = () => {}) {
    this.#runtime = runtime;
    this.#onChange = onChange;
    this.#current = { state: "down", since: runtime.now(), reason: "not started" };
  }

  get current(): AdapterHealth {
    return this.#current;
  }

  get isUp(): boolean {
    return this.#current.state === "up";
  }

  up(): void {
    this.set({ state: "up" });
  }

  /** Says whether this is news: it was up, or has failed with another reason until now. */
  down(reason: string): boolean {
    return this.set({ state: "down", reason });
  }

  /** Says whether this is news: another state, or another reason. */
  set(condition: Condition): boolean {
    const { state, since, reason } = this.#current;
    const isSame = condition.state === state;
    const isNews = !isSame || (condition.state !== "up" && condition.reason !== reason);
    if (isNews) this.#current = { ...condition, since: isSame ? since : this.#runtime.now() };
    if (!isSame) this.#onChange(this.#current);
    return isNews;
  }
}
