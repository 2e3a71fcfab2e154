/** How time passes for a fixture. */
export interface ConformanceClock {
  /** Lets `ms` go by; only for what must be different, or the same, after a time. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until `condition` holds; false when it did not within `maxMs`. */
  until(condition: () => boolean, maxMs: number): Promise<boolean>;
}

/** What comes within so many turns of the event loop is seen at once. */
const EAGER_LOOKS = 50;
/** Between two looks later on, ms: often enough for a test, seldom enough to leave the machine to what is tested. */
const LOOK_EVERY_MS = 2;

/** The system's time, for adapters of things that have no other. */
export function systemClock(): ConformanceClock {
  return { pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), until: waitUntil };
}

async function waitUntil(condition: () => boolean, maxMs: number): Promise<boolean> {
  const deadline = performance.now() + maxMs;
  for (let looks = 0; !condition(); looks++) {
    if (performance.now() >= deadline) return false;
    if (looks < EAGER_LOOKS) await new Promise((resolve) => setImmediate(resolve));
    else await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}
