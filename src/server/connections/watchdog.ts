import type { Cancel, Runtime } from "../../core/runtime.js";
import type { Limits } from "../limits.js";
import type { ConnectionTable } from "./table.js";

const EVERY_MS = 1_000;
/** What a socket may hold while the node as a whole holds too much. */
const TIGHT_BYTES = 16_384;

/** Once a second: every connection looks at its deadlines, and the node adds up what waits in all sockets. */
export class Watchdog {
  readonly #table: ConnectionTable;
  readonly #runtime: Runtime;
  readonly #limits: Limits;
  #cancel: Cancel | null = null;
  #isTight = false;

  constructor(table: ConnectionTable, limits: Limits, runtime: Runtime) {
    this.#table = table;
    this.#limits = limits;
    this.#runtime = runtime;
  }

  /** Bytes in one socket above which its pump stops, now. */
  get highWaterBytes(): number {
    return this.#isTight ? Math.min(TIGHT_BYTES, this.#limits.maxBufferedBytes) : this.#limits.maxBufferedBytes;
  }

  start(): void {
    this.#cancel = this.#runtime.setTimer(EVERY_MS, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  #look(): void {
    let bufferedBytes = 0;
    for (const connection of [...this.#table.all]) {
      connection.check();
      bufferedBytes += connection.writer.bufferedBytes;
    }
    this.#isTight = bufferedBytes > this.#limits.maxNodeBufferedBytes;
  }
}
