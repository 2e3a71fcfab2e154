import type { Runtime } from "../../../core/runtime.js";

/** What a hub takes from a runtime: any `Runtime` will do. */
export type HubTimers = Pick<Runtime, "elapsed" | "setTimer" | "endOfTurn" | "randomBytes">;

/** The system's own. Delays are short here, so none is beyond what `setTimeout` holds. */
export function systemTimers(): HubTimers {
  return {
    elapsed: () => performance.now(),
    setTimer: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    endOfTurn: (run) => void setImmediate(run),
    randomBytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
  };
}
