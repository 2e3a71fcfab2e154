import type { Runtime } from "../../core/runtime.js";

/** How a part outside this process is, as its last answers have shown. */
export interface AdapterHealth {
  /** `down`: it did not answer. */
  readonly state: "up" | "down";
  /** Since when, ms since 1970. */
  readonly since: number;
  /** What it failed with; for people. Only while it is down. */
  readonly reason?: string;
}

/** Keeps in mind how a part is, and since when. It is down until something is known. */
export class HealthRecord {
  readonly #runtime: Runtime;
  #current: AdapterHealth;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#current = { state: "down", since: runtime.now(), reason: "not started" };
  }

  get current(): AdapterHealth {
    return this.#current;
  }

  get isUp(): boolean {
    return this.#current.state === "up";
  }

  up(): void {
    if (!this.isUp) this.#current = { state: "up", since: this.#runtime.now() };
  }

  /** Says whether this is news: it was up, or has failed with another reason until now. */
  down(reason: string): boolean {
    const isNews = reason !== this.#current.reason;
    const since = this.isUp ? this.#runtime.now() : this.#current.since;
    this.#current = { state: "down", since, reason };
    return isNews;
  }
}
