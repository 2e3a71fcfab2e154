import { describe, expect, it } from "vitest";
import { ackTimes, latencyFigures, longestWaits, showTimes } from "../../../../scripts/chaos/ordeals/measures.js";
import type { HistoryEvent } from "../../../../src/testing/simulation/history.js";

const composed = (operation: string, at: number, conversation = "s ann bob"): HistoryEvent => {
  const device = operation.slice(0, operation.lastIndexOf("."));
  const userId = device.slice(0, 3);
  return { kind: "invoke", at, operation, author: "sdk", userId, device, conversation, once: true, forbidden: false };
};
const acked = (operation: string, at: number): HistoryEvent => ({ kind: "ack", at, operation, messageId: "m", seq: 1 });
const shown = (operation: string, at: number, userId: string): HistoryEvent => ({
  kind: "shown",
  at,
  device: `${userId}/1`,
  userId,
  item: {
    seq: 1,
    messageId: "m",
    conversation: "s ann bob",
    senderId: operation.slice(0, 3),
    operation,
    epoch: "",
  },
});

describe("what an ordeal measures", () => {
  const events = [
    composed("ann/1.1", 100),
    composed("ann/1.2", 200),
    composed("bob/1.1", 300, "g friends"),
    acked("ann/1.1", 150),
    shown("ann/1.1", 160, "ann"),
    shown("ann/1.1", 170, "bob"),
    acked("bob/1.1", 310),
    acked("ann/1.2", 900),
  ];

  it("is the time from composing to the ACK, of what was composed in the stretch alone", () => {
    expect(ackTimes(events, [0, 1_000])).toEqual([50, 10, 700]);
    expect(ackTimes(events, [200, 300])).toEqual([700]);
  });

  it("is that of one kind of conversation where that is asked for", () => {
    expect(ackTimes(events, [0, 1_000], (conversation) => conversation.startsWith("g "))).toEqual([10]);
  });

  it("is the time until others have it, whose own copies do not count", () => {
    expect(showTimes(events, [0, 1_000])).toEqual([70]);
  });

  it("is the longest wait of each client", () => {
    expect(longestWaits(events, [0, 1_000])).toEqual([700, 10]);
  });

  it("comes with the bounds that were promised", () => {
    expect(latencyFigures("waited", [1, 2, 3], { max: 2 })).toEqual([
      { what: "waited, number", value: 3, unit: "" },
      { what: "waited, p50", value: 2, unit: "ms" },
      { what: "waited, p99", value: 3, unit: "ms" },
      { what: "waited, max", value: 3, unit: "ms", atMost: 2 },
    ]);
  });
});
