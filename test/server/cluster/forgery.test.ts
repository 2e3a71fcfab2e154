import { describe, expect, it } from "vitest";
import type { NodeInfo } from "../../../src/adapters/contracts/index.js";
import { encodeText } from "../../../src/core/bytes.js";
import { encodeServerFrame } from "../../../src/core/codec.js";
import { encodeNotices } from "../../../src/server/cluster/notice-codec.js";
import { textsOf } from "../fixture.js";
import { type ClusterStage, openPair } from "./nodes.js";

/** Somebody who reaches the nodes as one of them, and knows who is there. */
async function intrude(stage: ClusterStage) {
  const link = stage.hub.link();
  const rpc = stage.hub.rpc(link);
  const discovery = stage.hub.discovery(link);
  const nodes = new Map<string, NodeInfo>();
  rpc.bind({ id: "intruder", receive: () => {}, deliver: () => false, onCondition: () => {} });
  await rpc.start();
  const onView = (view: { readonly nodes: readonly NodeInfo[] }) => {
    for (const node of view.nodes) nodes.set(node.address, node);
  };
  discovery.bind({ id: "intruder", address: rpc.address, onView, onCondition: () => {} });
  await stage.during(discovery.start());
  await stage.run(1_000);
  return { rpc, nodes };
}

/** An item that nobody has sent. */
function forgedPush(seq: number): Uint8Array {
  const message = {
    messageId: "ab".repeat(16),
    senderId: "ada",
    target: { kind: "single", id: "bob" },
    type: 1,
    content: encodeText("give them your password"),
    conversationSeq: seq,
    serverTime: 1,
    clientTime: 1,
  } as const;
  return encodeServerFrame({ kind: "push", item: { seq, message } });
}

describe("who can call a node", () => {
  it("S28: cannot have it show a message that is not in the storage, by original delivery", async () => {
    const { stage, left, right } = await openPair();
    const bob = await right.device("bob");
    for (const seq of [1, 2, 1_000]) expect(await right.rpc.deliver("bob", forgedPush(seq))).toBe(true);
    await stage.run(1_000);
    expect(textsOf(bob.frames)).toEqual([]);
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "true" }));
    await stage.run(200);
    expect(textsOf(bob.frames)).toEqual(["true"]);
    expect(bob.pushed).toEqual([1]);
  });

  it("S28: cannot have it skip or repeat anything with news that are not true, nor stop it with bytes that are none", async () => {
    const { stage, left, right } = await openPair();
    const bob = await right.device("bob");
    const syncEpoch = bob.of("login_ack")[0]?.syncEpoch ?? "";
    const { rpc, nodes } = await intrude(stage);
    const target = nodes.get(right.rpc.address) as NodeInfo;
    const rest = { outcomes: [], kicks: [], dismissals: [], rechecks: [] };
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "one" }));
    for (const [epoch, seq] of [
      [syncEpoch, 1],
      [syncEpoch, 77],
      ["another", 1],
    ] as const) {
      const lie = encodeNotices({ syncEpoch: epoch, news: [{ userId: "bob", seq }], ...rest });
      await stage.during(rpc.send(target, lie));
    }
    const garbage = stage.during(rpc.send(target, new Uint8Array([0xff, 0xff, 0xff])));
    await expect(garbage).rejects.toMatchObject({ code: "operation_failed" });
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "two" }));
    await stage.run(500);
    expect(textsOf(bob.frames)).toEqual(["one", "two"]);
    expect(bob.pushed).toEqual([1, 2]);
  });
});
