import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import { watch } from "../fixture.js";
import { ClusterNode, ClusterStage, openPair } from "./nodes.js";

/** A queue whose goodbye goes as `stopTaking` says. */
function withGoodbye(stopTaking: () => Promise<void>) {
  const nothing = async (): Promise<void> => {};
  return { bind: () => {}, start: nothing, publish: nothing, stopTaking, close: nothing };
}

describe("a node that leaves", () => {
  it("I17: tells its clients at once and lets nobody in, however long the goodbye to the others takes", async () => {
    const queue = withGoodbye(() => new Promise(() => {}));
    const { stage, left } = await openPair({ queue });
    const ada = await left.device("ada");
    const closing = watch(left.im.close({ graceMs: 5_000 }));
    await stage.run(50);
    expect(ada.of("go_away")).toHaveLength(1);
    await expect(left.device("bob")).rejects.toThrow("503");
    expect(closing.done).toBe(false);
    await stage.run(6_000);
    expect(closing.done).toBe(true);
    expect(ada.closed).not.toBeNull();
  });

  it("I17: closes everything else when one part cannot be closed, and says so", async () => {
    const failure = new ImError("unavailable", { message: "the queue was torn" });
    const stage = new ClusterStage({ queue: withGoodbye(() => Promise.reject(failure)) });
    const node = await stage.join();
    const ada = await node.device("ada");
    await expect(stage.during(node.im.close({ graceMs: 5_000 }))).rejects.toBe(failure);
    expect(ada.closed).toMatchObject({ code: 1012 });
    expect(node.transport.closedTimes).toBe(1);
  });
});

describe("a node whose start failed", () => {
  it("starts when it is asked again, and takes its registration back when it is closed", async () => {
    const nothing = async (): Promise<void> => {};
    let failures = 1;
    const start = async (): Promise<void> => {
      if (failures-- > 0) throw new ImError("operation_failed", { message: "no such queue" });
    };
    const queue = { bind: () => {}, start, publish: nothing, stopTaking: nothing, close: nothing };
    const stage = new ClusterStage({ queue });
    await expect(stage.join()).rejects.toThrow("no such queue");
    const [node] = stage.nodes as [(typeof stage.nodes)[number]];
    await stage.during(node.im.start());
    expect(node.im.health().ready).toBe(true);
    const other = new ClusterNode(stage.hub, stage.time, 7, { queue }, false);
    await stage.during(other.im.start());
    await stage.during(node.im.close({ graceMs: 1_000 }));
    await stage.run(500);
    expect(other.im.health().rpc?.state).toBe("up");
    const link = stage.hub.link();
    const seen: string[][] = [];
    const discovery = stage.hub.discovery(link);
    const onView = (view: { readonly nodes: readonly { readonly id: string }[] }) =>
      void seen.push(view.nodes.map(({ id }) => id));
    discovery.bind({ id: "onlooker", address: "memory:9", onView, onCondition: () => {} });
    await stage.during(discovery.start());
    await stage.run(500);
    expect(seen.at(-1)?.filter((id) => id !== "onlooker")).toHaveLength(1);
    await stage.during(other.im.close({ graceMs: 0 }));
  });
});
