import type { Cancel, Runtime } from "../core/runtime.js";
import type { TokenGrant, TokenSource } from "./token.js";

/** Shortest time between two renewals, ms; also the wait after one that failed. */
const PAUSE_MS = 5_000;

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

  constructor(runtime: Runtime, source: TokenSource, ports: TokenRefreshPorts) {
    this.#runtime = runtime;
    this.#source = source;
    this.#ports = ports;
  }

  /** The connection was signed in with `grant`. */
  start({ refreshAt }: TokenGrant): void {
    this.stop();
    if (refreshAt !== null) this.#arm(Math.max(0, refreshAt - this.#runtime.now()));
  }

  /** Ends. Repeatable. */
  stop(): void {
    this.#run++;
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(delayMs: number): void {
    this.#cancel = this.#runtime.setTimer(delayMs, () => void this.#renew(this.#run));
  }

  async #renew(run: number): Promise<void> {
    try {
      const { token, refreshAt } = await this.#source.renew();
      if (run !== this.#run) return;
      this.#ports.send(token);
      if (refreshAt !== null) this.#arm(Math.max(PAUSE_MS, refreshAt - this.#runtime.now()));
    } catch (error) {
      if (run !== this.#run) return;
      this.#ports.failed(error);
      this.#arm(PAUSE_MS);
    }
  }
}
