import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Fault, PlannedFault } from "../../../scripts/chaos/faults/fault.js";
import type { Site } from "../../../scripts/chaos/site/site.js";
import { Weatherman } from "../../../scripts/chaos/weatherman.js";
import { SeededRandom } from "../../../src/testing/fakes/random.js";
import { History } from "../../../src/testing/simulation/history.js";

describe("the weatherman", () => {
  const log: string[] = [];
  const better: string[] = [];
  let troubles = 0;
  let history: History;
  let man: Weatherman;
  const never = new AbortController().signal;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    log.length = 0;
    better.length = 0;
    troubles = 0;
    history = new History(() => performance.now());
    const climate = {
      trouble: () => {
        troubles++;
        return () => void troubles--;
      },
    };
    const site = { heal: async () => void log.push("all healed") } as unknown as Site;
    const room = { history, climate, elapsed: () => performance.now() } as never;
    man = new Weatherman(site, room, new SeededRandom(1), (fault) => better.push(fault));
  });

  afterEach(() => void vi.useRealTimers());

  const planned = (kind: string, at: number, lastsMs: number, more: Partial<Fault> = {}): PlannedFault => {
    const end = async () => void log.push(`${kind} ends`);
    const begin = async () => {
      log.push(`${kind} begins`);
      return { text: kind, isTrouble: more.mayBeTrouble === true, end };
    };
    return { at, lastsMs, fault: { kind, harms: "kafka", lastsMs: [0, 0], mayBeTrouble: false, begin, ...more } };
  };

  it("begins each fault at its time and ends it after its time, several at once", async () => {
    const done = man.run([planned("a", 10, 100), planned("b", 50, 20), planned("a", 150, 10)], 300, never);
    await vi.advanceTimersByTimeAsync(60);
    expect(man.running).toEqual(["a", "b"]);
    await vi.advanceTimersByTimeAsync(30);
    expect(man.running).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(300);
    await done;
    expect(log).toEqual(["a begins", "b begins", "b ends", "a ends", "a begins", "a ends"]);
    expect(better).toEqual(["b", "a", "a"]);
    expect(man.counts).toEqual({ a: 2, b: 1 });
  });

  it("ends what still goes on when the time is over, and begins nothing more", async () => {
    const done = man.run([planned("a", 10, 1_000), planned("b", 500, 1)], 100, never);
    await vi.advanceTimersByTimeAsync(100);
    await done;
    expect(log).toEqual(["a begins", "a ends"]);
  });

  it("lets nobody be judged from before a trouble begins until it has ended", async () => {
    let during = 0;
    const fault = planned("a", 10, 50, { mayBeTrouble: true });
    const begin = fault.fault.begin;
    const watched: Fault = {
      ...fault.fault,
      begin: (...all) => {
        during = troubles;
        return begin(...all);
      },
    };
    const done = man.run([{ ...fault, fault: watched }], 200, never);
    await vi.advanceTimersByTimeAsync(20);
    expect([during, troubles]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(200);
    await done;
    expect(troubles).toBe(0);
  });

  it("ends the others and says why when a fault cannot be made", async () => {
    const fails = planned("b", 50, 10, { begin: () => Promise.reject(new Error("no kafka")) });
    const done = man.run([planned("a", 10, 1_000), fails], 2_000, never);
    const outcome = expect(done).rejects.toThrow("no kafka");
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    expect(log).toEqual(["a begins", "a ends"]);
  });

  it("writes into the history when everything is healed", async () => {
    await man.heal();
    expect(log).toEqual(["all healed"]);
    expect(history.events.map(({ kind }) => kind)).toEqual(["healed"]);
    expect(troubles).toBe(0);
  });
});
