import { assertThat } from "../assert.js";

/** After this long a condition is taken for one that will never hold, ms. */
const PATIENCE_MS = 10_000;

/** One turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Returns as soon as `condition` holds. Throws, naming `what`, when it has not for a long time. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    assertThat(performance.now() < deadline, `this happens within ${PATIENCE_MS / 1_000} s: ${what}`);
    await nextTurn();
  }
}
