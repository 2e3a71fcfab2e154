import type { Runtime } from "../core/runtime.js";

/** What the server takes from the world: a runtime, and the one hash it works out ids with. */
export interface ServerRuntime extends Runtime {
  /** The 32 bytes of SHA-256 over `data`. Pure: the same everywhere. */
  sha256(data: Uint8Array): Uint8Array;
}
