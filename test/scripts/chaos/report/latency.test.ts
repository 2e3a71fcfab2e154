import { expect, it } from "vitest";
import { ackLatencies, latencyOf } from "../../../../scripts/chaos/report/latency.js";
import type { HistoryEvent } from "../../../../src/testing/simulation/history.js";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

it("the 50th and the 99th of a hundred are found in any order", () => {
  expect(latencyOf(upTo(100).reverse())).toEqual({ count: 100, p50: 51, p99: 100, max: 100 });
  expect(latencyOf([])).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
});

it("a message is timed from composing to its acknowledgement, and one of the server is not", () => {
  const invoke = (operation: string, device: string | null, at: number): HistoryEvent => {
    const who = { author: "sdk", userId: "ann", device } as const;
    return { kind: "invoke", operation, ...who, conversation: "s ann bob", once: true, forbidden: false, at };
  };
  const ack = (operation: string, at: number): HistoryEvent => ({ kind: "ack", operation, messageId: "1", seq: 1, at });
  const events = [
    invoke("a", "ann/1", 10),
    invoke("b", null, 10),
    invoke("c", "ann/1", 20),
    ack("a", 25),
    ack("b", 30),
  ];
  expect(ackLatencies(events)).toEqual([15]);
});
