/** Waits for `done`, but not longer than `maxMs`. */
export async function within(done: Promise<unknown>, maxMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, maxMs);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
