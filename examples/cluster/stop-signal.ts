/** One Ctrl-C may reach a program several times, from the terminal and from npm: what comes so soon after the first is the same. */
const SAME_KEY_MS = 500;

/**
 * On SIGINT or SIGTERM, and when whoever started this program as a child is gone, runs `stop` once and ends the process with 0; with
 * 1 when it fails, after `tell`. A later signal ends it at once.
 */
export function onStopSignal(stop: () => Promise<void>, tell: (error: unknown) => void): void {
  let firstAt: number | null = null;
  const begin = (): void => {
    firstAt = performance.now();
    stop().then(
      () => process.exit(process.exitCode ?? 0),
      (error: unknown) => {
        tell(error);
        process.exit(1);
      },
    );
  };
  const signal = (): void => {
    if (firstAt === null) begin();
    else if (performance.now() - firstAt > SAME_KEY_MS) process.exit(130);
  };
  process.on("SIGINT", signal);
  process.on("SIGTERM", signal);
  process.once("disconnect", () => {
    if (firstAt === null) begin();
  });
}
