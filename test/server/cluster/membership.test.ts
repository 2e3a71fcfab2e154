import { expect, it } from "vitest";
import { Membership } from "../../../src/server/cluster/membership.js";

const node = (id: string, epoch = "1") => ({ id, epoch, address: `${id}:1` });

it("P11: a node without a registration is no peer of itself, and the one it had counts for nothing", () => {
  const membership = new Membership("a");
  membership.update({ self: node("a"), nodes: [node("a"), node("b")] });
  membership.update({ self: null, nodes: [node("a"), node("b")] });
  expect(membership.peers).toEqual([node("b")]);
  expect(membership.live).toEqual([{ id: "b", epoch: "1" }]);
  expect(membership.has(node("a"))).toBe(false);
  expect(membership.peer("a")).toBeUndefined();
});

it("P11: once it is registered again, only the new registration counts", () => {
  const membership = new Membership("a");
  membership.update({ self: node("a", "2"), nodes: [node("a", "1"), node("b")] });
  expect([membership.has(node("a", "1")), membership.has(node("a", "2"))]).toEqual([false, true]);
  expect(membership.peers).toEqual([node("b")]);
});
