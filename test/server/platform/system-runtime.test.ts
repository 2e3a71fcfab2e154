import { describe, expect, it, onTestFinished, vi } from "vitest";
import { systemRuntime } from "../../../src/server/platform/system-runtime.js";

function withFakeTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

describe("systemRuntime", () => {
  it("fires a timer once, after its delay and not before", () => {
    withFakeTimers();
    let fired = 0;
    systemRuntime().setTimer(1_000, () => fired++);
    vi.advanceTimersByTime(999);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(1);
    expect(fired).toBe(1);
    vi.advanceTimersByTime(10_000);
    expect(fired).toBe(1);
  });

  it("waits 60 days although the system's timers hold 24", () => {
    withFakeTimers();
    const days = 86_400_000;
    let fired = 0;
    systemRuntime().setTimer(60 * days, () => fired++);
    vi.advanceTimersByTime(60 * days - 1);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(1);
    expect(fired).toBe(1);
  });

  it("cancels a timer, also after its first 24 days and after it fired", () => {
    withFakeTimers();
    const runtime = systemRuntime();
    let fired = 0;
    const cancel = runtime.setTimer(2 ** 32, () => fired++);
    vi.advanceTimersByTime(2 ** 31);
    cancel();
    cancel();
    vi.advanceTimersByTime(2 ** 33);
    expect(fired).toBe(0);
    const cancelLate = runtime.setTimer(0, () => fired++);
    vi.advanceTimersByTime(0);
    cancelLate();
    expect(fired).toBe(1);
  });

  it("keeps the process alive with a timer until it is cancelled", () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const cancel = systemRuntime().setTimer(60_000, () => undefined);
    expect(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length).toBe(before + 1);
    cancel();
    expect(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length).toBe(before);
  });

  it("runs what is for the end of the turn after this turn's promises, in order", async () => {
    const runtime = systemRuntime();
    const order: string[] = [];
    runtime.endOfTurn(() => order.push("first"));
    runtime.endOfTurn(() => order.push("second"));
    await Promise.resolve().then(() => order.push("promise"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(["promise", "first", "second"]);
  });

  it("hashes with SHA-256", () => {
    const hex = Buffer.from(systemRuntime().sha256(new TextEncoder().encode("abc"))).toString("hex");
    expect(hex).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("gives random bytes of the length asked for, others each time", () => {
    const runtime = systemRuntime();
    expect(runtime.randomBytes(0).length).toBe(0);
    expect(runtime.randomBytes(16).length).toBe(16);
    expect(runtime.randomBytes(16)).not.toEqual(runtime.randomBytes(16));
  });

  it("tells the wall clock in ms since 1970 and durations that never fall", () => {
    const runtime = systemRuntime();
    expect(Math.abs(runtime.now() - Date.now())).toBeLessThan(60_000);
    const earlier = runtime.elapsed();
    expect(runtime.elapsed()).toBeGreaterThanOrEqual(earlier);
  });
});
