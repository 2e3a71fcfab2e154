import { expect, it } from "vitest";
import { printStorm } from "../../../../scripts/chaos/report/print-storm.js";
import { progressText } from "../../../../scripts/chaos/report/progress-line.js";
import type { StormReport } from "../../../../scripts/chaos/report/storm-report.js";
import { VIOLATION_CLASSES, type ViolationClass } from "../../../../src/testing/simulation/checks/violation.js";

const none = Object.fromEntries(VIOLATION_CLASSES.map((name) => [name, 0])) as Record<ViolationClass, number>;

const REPORT: StormReport = {
  ...{ seed: 7, minutes: 3, clients: 100, users: 80, tookMs: 240_000 },
  counts: { sent: 20_000, acked: 19_990, refused: 10, unknown: 3, shown: 200_000 },
  ack: { count: 19_990, p50: 20, p99: 900, max: 12_345 },
  faults: { "kafka: paused": 2, "node: kill -9": 1 },
  violations: none,
  examples: [],
  recoveries: [{ fault: "node a killed", ms: 1_234, meanwhile: ["node a killed", "kafka paused"] }],
  watchedShare: 0.5,
  crashes: [],
  stalls: { p99: 12, max: 80 },
  historyFile: null,
};

it("a report says every class with its 0, every kind of fault, and how to have it again", () => {
  const text = printStorm(REPORT).join("\n");
  for (const name of VIOLATION_CLASSES) expect(text).toMatch(new RegExp(`\\b0 {2}${name}\\b`));
  expect(text).toContain("faults: 3");
  expect(text).toContain("2  kafka: paused");
  expect(text).toContain("1234 ms  node a killed  (meanwhile kafka paused)");
  expect(text).toContain("p99 900 ms, longest 12.3 s");
  expect(text).toContain("npm run chaos -- --minutes 3 --seed 7");
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(100);
});

it("a report of a broken contract says so, shows it, and names the file", () => {
  const examples = [{ class: "lost", operation: "ann/1.3", text: "acknowledged, and not stored" } as const];
  const broken = { ...REPORT, violations: { ...none, lost: 1 }, examples, historyFile: "history.jsonl" };
  const text = printStorm(broken).join("\n");
  expect(text).toContain("lost: ann/1.3 acknowledged, and not stored");
  expect(text).toContain("THE CONTRACT WAS BROKEN");
  expect(text).toContain("history.jsonl");
});

it("the progress says what goes on by its name, or that nothing does", () => {
  const state = { elapsedMs: 61_000, endsAtMs: 180_000, acked: 1_234, shown: 9_999, online: 97, clients: 100 };
  expect(progressText({ ...state, faults: ["kafka paused"] })).toBe(
    "  61 of 180.0 s    1,234 ACKed    9,999 shown   97/100 online  kafka paused",
  );
  expect(progressText({ ...state, faults: [] })).toContain("fair");
});
