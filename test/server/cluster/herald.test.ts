import { expect, it } from "vitest";
import type { CommitResult, NodeInfo, Presence, Route } from "../../../src/adapters/contracts/index.js";
import { Herald } from "../../../src/server/cluster/herald.js";
import { Membership } from "../../../src/server/cluster/membership.js";
import type { Peers } from "../../../src/server/cluster/peers.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

const MAX_WAITING = 50_000;
const node = (id: string): NodeInfo => ({ id, epoch: "1", address: `${id}:1` });

/** A herald of node `a`, whose peers are `b` and `c`. */
function openHerald(locate: Presence["locate"]) {
  const time = new VirtualTime();
  const membership = new Membership("a");
  membership.update({ self: node("a"), nodes: ["a", "b", "c"].map(node) });
  const told: string[] = [];
  const news = (id: string, _: string, userId: string, seq: number) => void told.push(`${id} ${userId} ${seq}`);
  const own: Route[] = [];
  const herald = new Herald({
    presence: { locate } as Presence,
    peers: { news } as unknown as Peers,
    membership,
    runtime: new VirtualRuntime(time),
    onOwn: (route) => own.push(route),
  });
  return { herald, time, told, own };
}

/** A commit that put one item into the inbox of each. */
function commitFor(userIds: readonly string[]): CommitResult {
  const deliveries = userIds.map((userId) => ({ userId, seq: 7 }));
  return { syncEpoch: "e", outcomes: [{ kind: "stored", fresh: { deliveries } }] } as unknown as CommitResult;
}

it("I13: where the book does not answer, or too late, every node is told", async () => {
  for (const locate of [() => Promise.reject(new Error("away")), () => new Promise<never>(() => {})]) {
    const { herald, time, told } = openHerald(locate);
    herald.announce(commitFor(["ann"]));
    await time.advance(250);
    expect(told).toEqual(["b ann 7", "c ann 7"]);
    expect(herald.isLost).toBe(true);
  }
});

it("P10: where it answers, only the nodes of the recipients are told", async () => {
  const route: Route = { userId: "ann", node: node("c"), connection: 1, origin: "o", deviceKind: "" };
  const { herald, time, told, own } = openHerald(async () => new Map([["ann", [route]]]));
  herald.announce(commitFor(["ann", "bob"]));
  await time.advance(250);
  expect([told, own, herald.isLost]).toEqual([["c ann 7"], [], false]);
});

it("of more users than may wait, it says that news were lost until it has caught up", async () => {
  let answer = (): void => {};
  const first = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { herald, time } = openHerald(async () => {
    await first;
    return new Map();
  });
  herald.announce(commitFor(["first"]));
  herald.announce(commitFor(Array.from({ length: MAX_WAITING }, (_, n) => `u${n}`)));
  expect(herald.isLost).toBe(false);
  herald.announce(commitFor(["one too many"]));
  expect(herald.isLost).toBe(true);
  answer();
  await time.advance(10);
  expect(herald.isLost).toBe(false);
});
