/**
 * Waits for all workers of a race, whatever becomes of each, and then throws what the first failed one threw: nobody
 * is still at work when the storage is taken away.
 */
export async function together(workers: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(workers);
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
  }
}
