import type { ServerRuntime } from "../../server/server-runtime.js";
import { sha256 } from "./sha256.js";
import { VirtualRuntime } from "./virtual-time.js";

/** A {@link VirtualRuntime} for a server process. */
export class VirtualServerRuntime extends VirtualRuntime implements ServerRuntime {
  sha256(data: Uint8Array): Uint8Array {
    return sha256(data);
  }
}
