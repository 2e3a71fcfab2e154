import type { Runtime } from "../../../src/core/runtime.js";

/** What lines take from the world. `endOfTurn` lets what is written before be sent by itself. */
export type LineClock = Pick<Runtime, "elapsed" | "setTimer" | "endOfTurn" | "random">;

/** Real time. @param random uniform in [0, 1) */
export function realClock(random: () => number): LineClock {
  return {
    elapsed: () => performance.now(),
    setTimer: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    endOfTurn: (run) => void setImmediate(run),
    random,
  };
}
