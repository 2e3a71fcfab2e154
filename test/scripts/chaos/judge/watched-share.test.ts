import { expect, it } from "vitest";
import { watchedShare } from "../../../../scripts/chaos/judge/watched-share.js";
import type { HistoryEvent } from "../../../../src/testing/simulation/history.js";

const opened = (device: string, at: number): HistoryEvent => {
  return { kind: "opened", device, userId: device, author: "sdk", saved: [], at };
};
const online = (device: string, at: number): HistoryEvent => ({ kind: "online", device, epoch: "1", at });
const offline = (device: string, at: number): HistoryEvent => ({ kind: "offline", device, at });
const weather = (kind: "trouble" | "calm", at: number): HistoryEvent => ({ kind, at });
const end: HistoryEvent = { kind: "quiet", problems: [], at: 100 };

it("a client is watched while it is signed in and nothing keeps the storage from everybody", () => {
  const all = [opened("a", 0), online("a", 20), weather("trouble", 40), weather("calm", 60), offline("a", 90), end];
  expect(watchedShare(all)).toBeCloseTo(0.5);
});

it("whoever signs in during trouble is watched from its end", () => {
  expect(watchedShare([opened("a", 0), weather("trouble", 0), online("a", 10), weather("calm", 50), end])).toBeCloseTo(
    0.5,
  );
});

it("all clients count alike, also those that are never let in", () => {
  expect(watchedShare([opened("a", 0), opened("b", 0), online("a", 0), end])).toBeCloseTo(0.5);
  expect(watchedShare([end])).toBe(0);
});
