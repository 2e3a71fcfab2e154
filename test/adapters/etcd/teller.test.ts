import { expect, it } from "vitest";
import type { Condition } from "../../../src/adapters/contracts/nodes.js";
import { Teller } from "../../../src/adapters/etcd/teller.js";

it("a condition is told when its state or its reason changes, and not again", () => {
  const told: Condition[] = [];
  const teller = new Teller({
    id: "a",
    address: "10.0.0.1:9094",
    onView: () => undefined,
    onCondition: (condition) => told.push(condition),
  });
  const timedOut: Condition = { state: "down", reason: "no answer in time" };
  const turnedAway: Condition = { state: "down", reason: "authentication failed" };
  const conditions: Condition[] = [timedOut, timedOut, turnedAway, { ...turnedAway }, { state: "up" }, { state: "up" }];
  for (const condition of conditions) teller.tellCondition(condition);
  expect(told).toEqual([timedOut, turnedAway, { state: "up" }]);
  teller.silence();
  teller.tellCondition(timedOut);
  expect(told).toHaveLength(3);
});
