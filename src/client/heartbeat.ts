import type { Cancel, Runtime } from "../core/runtime.js";
import { Silence } from "./silence.js";

/** Used when the server names no interval, ms. */
const DEFAULT_INTERVAL_MS = 25_000;
const SHORTEST_MS = 100;
const LONGEST_MS = 600_000;
/** How long an answer may take after the surroundings changed (network back, page visible), ms. */
const PROBE_MS = 8_000;

/** What a heartbeat does. */
export interface HeartbeatPorts {
  /** Says "still here". */
  beat(): void;
  /** Nothing at all was received for two intervals: the connection is dead, whatever the socket says. */
  dead(): void;
}

/** Keeps one connection alive and notices when it is not. */
export class Heartbeat {
  readonly #runtime: Runtime;
  readonly #ports: HeartbeatPorts;
  readonly #silence: Silence;
  #intervalMs = DEFAULT_INTERVAL_MS;
  #probing = false;
  #cancel: Cancel | null = null;

  constructor(runtime: Runtime, ports: HeartbeatPorts) {
    this.#runtime = runtime;
    this.#ports = ports;
    this.#silence = new Silence(runtime, () => ports.dead());
  }

  /** Begins. @param intervalMs as the server named it in the login's ACK; 0 for the default of 25 s */
  start(intervalMs: number): void {
    this.stop();
    this.#intervalMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, intervalMs || DEFAULT_INTERVAL_MS));
    this.#watch();
    this.#schedule();
  }

  /** Anything was received. After a {@link probe} the ordinary limit counts again. */
  heard(): void {
    if (this.#probing) this.#watch();
    else this.#silence.heard();
  }

  /** Asks at once for a sign of life; without one within 8 s the connection is dead. */
  probe(): void {
    if (this.#cancel === null) return;
    this.#probing = true;
    this.#silence.start(Math.min(PROBE_MS, 2 * this.#intervalMs));
    this.#ports.beat();
  }

  /** Ends. Repeatable. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#probing = false;
    this.#silence.stop();
  }

  #watch(): void {
    this.#probing = false;
    this.#silence.start(2 * this.#intervalMs);
  }

  #schedule(): void {
    this.#cancel = this.#runtime.setTimer(this.#intervalMs, () => {
      this.#schedule();
      this.#ports.beat();
    });
  }
}
