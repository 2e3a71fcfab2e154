import { createHash, randomBytes } from "node:crypto";
import type { Cancel } from "../../core/runtime.js";
import type { ServerRuntime } from "../server-runtime.js";

/** The longest delay `setTimeout` knows; with a longer one it would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Waits in steps the system can hold. */
function setLongTimer(delayMs: number, run: () => void): Cancel {
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, MAX_DELAY_MS);
    timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : run()), stepMs);
  };
  wait(delayMs);
  return () => clearTimeout(timer);
}

/** The real clock, real timers and real randomness of this process. */
export function systemRuntime(): ServerRuntime {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    setTimer: setLongTimer,
    endOfTurn: (run) => void setImmediate(run),
    randomBytes: (length) => randomBytes(length),
    random: () => Math.random(),
    sha256: (data) => createHash("sha256").update(data).digest(),
  };
}
