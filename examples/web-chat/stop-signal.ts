/** One Ctrl-C reaches a program twice, from the terminal and from npm: what comes so soon after the first is the same. */
const SAME_KEY_MS = 500;

/** On SIGINT or SIGTERM runs `stop` and ends the process with 0; a second signal ends it at once. */
export function onStopSignal(stop: () => Promise<void>): void {
  let firstAt: number | null = null;
  const end = (): void => {
    if (firstAt === null) {
      firstAt = performance.now();
      void stop().then(() => process.exit(0), fail);
    } else if (performance.now() - firstAt > SAME_KEY_MS) process.exit(130);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
