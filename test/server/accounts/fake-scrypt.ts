import { concatBytes, encodeText } from "../../../src/core/bytes.js";
import type { DeriveKey, ScryptCost } from "../../../src/server/platform/scrypt.js";
import { sha256 } from "../../../src/testing/fakes/sha256.js";
import type { VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

/** A hash that costs virtual time only, and keeps count. */
export class FakeScrypt {
  /** Every call so far, by what it cost. */
  readonly costs: ScryptCost[] = [];
  /** Most calls at one time. */
  most = 0;
  #running = 0;
  readonly #time: VirtualTime;
  readonly #durationMs: number;

  constructor(time: VirtualTime, durationMs = 0) {
    this.#time = time;
    this.#durationMs = durationMs;
  }

  /** Calls so far. */
  get calls(): number {
    return this.costs.length;
  }

  readonly deriveKey: DeriveKey = async (password, salt, cost, keyBytes) => {
    this.costs.push(cost);
    this.#running++;
    this.most = Math.max(this.most, this.#running);
    if (this.#durationMs > 0) await new Promise<void>((resolve) => this.#time.after(this.#durationMs, resolve));
    this.#running--;
    const text = encodeText(`${cost.log2N} ${cost.r} ${cost.p} `);
    return sha256(concatBytes(text, concatBytes(salt, password))).slice(0, keyBytes);
  };
}
