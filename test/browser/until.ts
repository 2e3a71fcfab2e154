const LOOK_AGAIN_MS = 50;

/** Resolves when `condition` holds; rejects after `timeoutMs`, saying what did not come and what was there instead. */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  condition: (seen: T) => boolean,
  timeoutMs = 20_000,
): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (condition(seen)) return seen;
    if (performance.now() > endsAt) throw new Error(`${what}: not within ${timeoutMs} ms, but ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
