import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RecoveryWatch } from "../../../../scripts/chaos/report/recovery-watch.js";

/** People and nodes as a test says. */
class Town {
  onlineShare = 1;
  readonly ackedAt = [0, 0];
  readonly nodes = [
    { name: "a", url: "", isUp: true },
    { name: "b", url: "", isUp: true },
  ];
  readonly running: string[] = [];
  readonly watch = new RecoveryWatch(
    this,
    this,
    () => performance.now(),
    () => this.running,
  );

  ackedOn(node: number): number | null {
    return this.ackedAt[node] ?? null;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("a recovery lasts until nearly all are signed in and each node has acknowledged something", () => {
  const town = new Town();
  vi.advanceTimersByTime(1_000);
  town.onlineShare = 0.9;
  town.watch.begin("node a killed");
  vi.advanceTimersByTime(500);
  town.ackedAt.fill(performance.now());
  vi.advanceTimersByTime(500);
  expect(town.watch.found).toEqual([]);
  town.onlineShare = 0.95;
  vi.advanceTimersByTime(100);
  expect(town.watch.found).toMatchObject([{ fault: "node a killed", meanwhile: [] }]);
  expect(town.watch.found[0]?.ms).toBeGreaterThanOrEqual(1_000);
  town.watch.close();
});

it("a node that does not run is waited for by nobody, one that does is", () => {
  const town = new Town();
  vi.advanceTimersByTime(1_000);
  town.watch.begin("etcd killed");
  town.ackedAt[0] = performance.now();
  vi.advanceTimersByTime(500);
  expect(town.watch.found).toEqual([]);
  town.nodes[1] = { name: "b", url: "", isUp: false };
  vi.advanceTimersByTime(100);
  expect(town.watch.found).toHaveLength(1);
  town.watch.close();
});

it("what else went wrong meanwhile is told, the slowest first", () => {
  const town = new Town();
  vi.advanceTimersByTime(1_000);
  town.watch.begin("first");
  vi.advanceTimersByTime(300);
  town.running.push("kafka paused");
  town.watch.begin("second");
  vi.advanceTimersByTime(300);
  town.ackedAt.fill(performance.now());
  vi.advanceTimersByTime(100);
  expect(town.watch.found.map(({ fault }) => fault)).toEqual(["first", "second"]);
  expect(town.watch.found.every(({ meanwhile }) => meanwhile.includes("kafka paused"))).toBe(true);
  town.watch.close();
});
