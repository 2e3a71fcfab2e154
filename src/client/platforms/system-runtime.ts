import type { Cancel, Runtime } from "../../core/runtime.js";

/** Longest delay a timer of the system takes, ms; beyond it, it fires at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** Timers of the system, as browsers and Node have them; `H` is what names a timer. */
export interface SystemTimers<H> {
  set(run: () => void, delayMs: number): H;
  clear(handle: H): void;
  endOfTurn(run: () => void): void;
}

/** The {@link Runtime} of a real process or page. */
export function systemRuntime<H>(timers: SystemTimers<H>): Runtime {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    setTimer: (delayMs, run) => setLongTimer(timers, delayMs, run),
    endOfTurn: (run) => timers.endOfTurn(run),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    random: () => Math.random(),
  };
}

/** A long delay is cut into pieces the system can count. */
function setLongTimer<H>(timers: SystemTimers<H>, delayMs: number, run: () => void): Cancel {
  const arm = (leftMs: number): H => {
    const pieceMs = Math.min(leftMs, LONGEST_DELAY_MS);
    return timers.set(() => {
      if (leftMs <= pieceMs) run();
      else handle = arm(leftMs - pieceMs);
    }, pieceMs);
  };
  let handle = arm(delayMs);
  return () => timers.clear(handle);
}
