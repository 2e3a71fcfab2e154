import type { Cancel, Runtime } from "../core/runtime.js";
import { LONGEST_ASKED_MS } from "./outbox.js";
import type { TokenGrant, TokenSource } from "./token.js";

/** Shortest time between two renewals, ms; also the wait after one that failed. */
const PAUSE_MS = 5_000;
/** Longest wait between renewals that bring nothing but overdue tokens, ms. */
const LONGEST_PAUSE_MS = 300_000;

/** What a renewal does. */
export interface TokenRefreshPorts {
  /** Hands a new token to the server. */
  send(token: string): void;
  /** The application's function failed; it is asked again after 5 s. */
  failed(error: unknown): void;
}

/** Renews the token of one connection shortly before it ends. */
export class TokenRefresh {
  readonly #runtime: Runtime;
  readonly #source: TokenSource;
  readonly #ports: TokenRefreshPorts;
  #run = 0;
  #cancel: Cancel | null = null;
  #pauseMs = PAUSE_MS;
  /** Handed to the server and not answered so far, oldest first: it answers one after the other. */
  readonly #shown: TokenGrant[] = [];
  #judged: string | null = null;

  constructor(runtime: Runtime, source: TokenSource, ports: TokenRefreshPorts) {
    this.#runtime = runtime;
    this.#source = source;
    this.#ports = ports;
  }

  /** The token a close for a bad token is about: the last one the server accepted or refused; `null` before the start. */
  get judged(): string | null {
    return this.#judged;
  }

  /** The connection was signed in with `grant`. */
  start(grant: TokenGrant): void {
    this.stop();
    this.#judged = grant.token;
    const refreshInMs = this.#source.refreshInMs(grant);
    if (refreshInMs !== null) this.#arm(refreshInMs, () => this.#renew());
  }

  /** The server accepted the oldest token that it has not answered. */
  accepted(): void {
    this.#judge();
  }

  /** The server refused the oldest token that it has not answered. */
  refused(): void {
    this.#judge();
  }

  /**
   * The server cannot tell just now: the same token again, unless it has a later one already.
   * @param retryAfterMs what it asked for; 0 means 5 s
   */
  busy(retryAfterMs: number): void {
    const shown = this.#shown.shift();
    if (shown !== undefined && this.#shown.length === 0)
      this.#arm(Math.min(retryAfterMs || PAUSE_MS, LONGEST_ASKED_MS), () => this.#repeat(shown));
  }

  /** Ends. Repeatable. */
  stop(): void {
    this.#run++;
    this.#cancel?.();
    this.#cancel = null;
  }

  #judge(): void {
    this.#judged = this.#shown.shift()?.token ?? this.#judged;
  }

  #arm(delayMs: number, act: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#runtime.setTimer(Math.max(0, delayMs), act);
  }

  /** A token whose time came while the server was busy is not worth showing again. */
  #repeat(grant: TokenGrant): void {
    const refreshInMs = this.#source.refreshInMs(grant);
    if (refreshInMs !== null && refreshInMs <= 0) void this.#renew();
    else this.#show(grant);
  }

  async #renew(): Promise<void> {
    const run = this.#run;
    try {
      const grant = await this.#source.renew();
      if (run === this.#run) this.#show(grant);
    } catch (error) {
      if (run !== this.#run) return;
      this.#ports.failed(error);
      this.#arm(PAUSE_MS, () => this.#renew());
    }
  }

  #show(grant: TokenGrant): void {
    this.#shown.push(grant);
    this.#ports.send(grant.token);
    const refreshInMs = this.#source.refreshInMs(grant);
    if (refreshInMs !== null) this.#arm(Math.max(this.#pause(refreshInMs), refreshInMs), () => this.#renew());
  }

  /** Grows from one overdue token to the next: whatever the clocks say, the application is not asked without end. */
  #pause(refreshInMs: number): number {
    const pauseMs = refreshInMs > 0 ? PAUSE_MS : this.#pauseMs;
    this.#pauseMs = refreshInMs > 0 ? PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    return pauseMs;
  }
}
