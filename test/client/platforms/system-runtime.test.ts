import { describe, expect, it } from "vitest";
import { systemRuntime } from "../../../src/client/platforms/system-runtime.js";

/** Timers that fire when the test says so. */
function fakeTimers() {
  const armed: { run: () => void; delayMs: number }[] = [];
  const cleared: unknown[] = [];
  const runtime = systemRuntime({
    set: (run, delayMs) => armed.push({ run, delayMs }),
    clear: (handle) => cleared.push(handle),
    endOfTurn: (run) => run(),
  });
  return { armed, cleared, runtime };
}

describe("runtime of the system", () => {
  it("cuts a delay that the system cannot count into pieces", () => {
    const { armed, runtime } = fakeTimers();
    const runs: string[] = [];
    runtime.setTimer(2 ** 31 + 5_000, () => runs.push("run"));
    expect(armed.map(({ delayMs }) => delayMs)).toEqual([2 ** 31 - 1]);
    armed[0]?.run();
    expect([armed[1]?.delayMs, runs]).toEqual([5_001, []]);
    armed[1]?.run();
    expect(runs).toEqual(["run"]);
  });

  it("stops the piece that is running", () => {
    const { armed, cleared, runtime } = fakeTimers();
    const cancel = runtime.setTimer(2 ** 32, () => {});
    armed[0]?.run();
    cancel();
    expect(cleared).toEqual([2]);
  });

  it("draws as many random bytes as asked for, never the same", () => {
    const { runtime } = fakeTimers();
    const [one, two] = [runtime.randomBytes(16), runtime.randomBytes(16)];
    expect([one.length, two.length]).toEqual([16, 16]);
    expect(one).not.toEqual(two);
  });
});
