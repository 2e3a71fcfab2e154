/**
 * Turns Ctrl-C, and being asked to end, into an abort: what is under way is finished or taken back, and what was started is
 * stopped. A second one ends at once.
 */
export function watchInterruption(say: (line: string) => void): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    say("interrupted: ending in order (once more to end at once)");
    controller.abort(new Error("interrupted"));
    process.exitCode = 130;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  return controller.signal;
}
