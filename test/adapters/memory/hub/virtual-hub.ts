import { type MemoryHub, type MemoryHubOptions, memoryHub } from "../../../../src/adapters/memory/hub/memory-hub.js";
import type { ConformanceClock } from "../../../../src/testing/conformance/cluster/clock.js";
import { VirtualRuntime, VirtualTime } from "../../../../src/testing/fakes/virtual-time.js";

/** A hub on a clock that stands still until something is waited for. */
export function virtualHub(options: Omit<MemoryHubOptions, "runtime"> = {}): {
  hub: MemoryHub;
  clock: ConformanceClock;
  time: VirtualTime;
} {
  const time = new VirtualTime();
  const hub = memoryHub({ ...options, runtime: new VirtualRuntime(time) });
  const clock = {
    pass: (ms: number) => time.advance(ms),
    until: (condition: () => boolean, maxMs: number) => time.until(condition, maxMs),
  };
  return { hub, clock, time };
}
