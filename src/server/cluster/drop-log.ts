import type { NodeId } from "../../adapters/contracts/index.js";
import type { Runtime } from "../../core/runtime.js";
import type { Logger } from "../logger.js";

/** Lines about one peer come so long after each other at least, ms. */
const EVERY_MS = 60_000;

/** Tells the log of notices for one peer that were left out: the first at once, then once a minute at most how many there were. */
export class DropLog {
  readonly #peer: NodeId;
  readonly #logger: Logger;
  readonly #runtime: Runtime;
  #untold = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(peer: NodeId, logger: Logger, runtime: Runtime) {
    this.#peer = peer;
    this.#logger = logger;
    this.#runtime = runtime;
  }

  /** @param error what was in the way, where there is one */
  add(count: number, reason: string, error?: unknown): void {
    this.#untold += count;
    const now = this.#runtime.elapsed();
    if (now - this.#toldAt < EVERY_MS) return;
    const fields = { peer: this.#peer, notices: this.#untold, reason, ...(error === undefined ? {} : { error }) };
    this.#logger.warn(
      fields,
      "notices for another node were left out; what they were about is found in the storage, later",
    );
    this.#untold = 0;
    this.#toldAt = now;
  }
}
