import { describe, expect, it } from "vitest";
import { priorityOf } from "../../../src/adapters/rabbitmq/turns.js";

const NODES = ["a", "b", "c"].map((name) => `${name}-${"0".repeat(30)}`);
const QUEUES = Array.from({ length: 120 }, (_, number) => `shyim-uplinks.${number}`);

/** Of each queue the node whose turn it is. */
function ownersAmong(nodes: readonly string[]): string[] {
  return QUEUES.map((queue) =>
    nodes.reduce((best, node) => (priorityOf(node, queue) > priorityOf(best, queue) ? node : best)),
  );
}

describe("whose turn a queue is", () => {
  it("the queues spread over the nodes", () => {
    const owners = ownersAmong(NODES);
    for (const node of NODES) {
      const count = owners.filter((owner) => owner === node).length;
      expect(count).toBeGreaterThan(24);
      expect(count).toBeLessThan(60);
    }
  });

  it("a node that goes leaves the queues of the others where they are", () => {
    const [before, after] = [ownersAmong(NODES), ownersAmong(NODES.slice(0, 2))];
    const moved = before.filter((owner, place) => owner !== after[place]);
    expect(new Set(moved)).toEqual(new Set([NODES[2]]));
  });

  it("fits the number that brokers take", () => {
    for (const queue of QUEUES) {
      expect(priorityOf("a", queue)).toBeGreaterThanOrEqual(0);
      expect(priorityOf("a", queue)).toBeLessThan(2 ** 31);
    }
  });
});
