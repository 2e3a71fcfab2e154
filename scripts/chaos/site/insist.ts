import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 100;
/** Longer than any engine takes to start. */
const LIMIT_MS = 30_000;

/** Tries until it succeeds: what is asked may be starting just now. Rejects with the last failure after half a minute. */
export async function insist<T>(action: () => Promise<T>): Promise<T> {
  const endsAt = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (performance.now() > endsAt) throw error;
      await sleep(EVERY_MS);
    }
  }
}
