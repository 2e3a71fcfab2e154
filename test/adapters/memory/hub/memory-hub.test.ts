import { describe, expect, it } from "vitest";
import type { QueueRecord } from "../../../../src/adapters/contracts/message-queue.js";
import { memoryHub } from "../../../../src/adapters/memory/hub/memory-hub.js";
import { discoveryConformance } from "../../../../src/testing/conformance/discovery.js";
import { messageQueueConformance } from "../../../../src/testing/conformance/message-queue.js";
import { nodeRpcConformance } from "../../../../src/testing/conformance/node-rpc.js";
import { presenceConformance } from "../../../../src/testing/conformance/presence.js";
import { UplinkMaker } from "../../../../src/testing/conformance/storage/uplink-maker.js";
import { storageConformance } from "../../../../src/testing/conformance/storage.js";
import { SeededRandom } from "../../../../src/testing/fakes/random.js";
import { HubNode } from "./hub-node.js";
import { virtualHub } from "./virtual-hub.js";

const dispose = async () => undefined;

describe("on the system's clock, a few milliseconds away", () => {
  const random = new SeededRandom(3);
  const slow = () => memoryHub({ latencyMs: () => random.between(0, 2) });
  const joining = <Adapter>(make: (hub: ReturnType<typeof slow>, address?: string) => Adapter) => {
    return async () => {
      const hub = slow();
      return { join: async (address?: string) => ({ adapter: make(hub, address) }), dispose };
    };
  };
  discoveryConformance(
    { describe, it },
    joining((hub) => hub.discovery()),
  );
  presenceConformance(
    { describe, it },
    joining((hub) => hub.presence()),
  );
  messageQueueConformance(
    { describe, it },
    joining((hub) => hub.queue()),
  );
  nodeRpcConformance(
    { describe, it },
    joining((hub, address) => hub.rpc(hub.link(), address === undefined ? {} : { address })),
  );
});

describe("a handle on the storage of a hub", () => {
  storageConformance({ describe, it }, async () => ({ storage: memoryHub().storage(), dispose }), {
    rounds: 15,
    polls: 60,
    sameKeyRounds: 100,
  });

  it("sees what others commit, and closing it closes nobody else's", async () => {
    const hub = memoryHub();
    const [a, b] = [hub.storage(), hub.storage()];
    expect([a.isShared, b.isShared]).toEqual([true, true]);
    await a.start();
    await b.start();
    await a.messages.commit([new UplinkMaker().make({})]);
    await a.close();
    expect((await b.messages.readHeads(["bob"])).heads.get("bob")).toBe(1);
    await expect(a.messages.readHeads(["bob"])).rejects.toMatchObject({ code: "unavailable" });
  });

  it("does not answer while its link is cut", async () => {
    const hub = memoryHub();
    const link = hub.link();
    const storage = hub.storage(link);
    await storage.start();
    link.cut();
    await expect(storage.messages.readHeads([])).rejects.toMatchObject({ code: "unavailable" });
    link.heal();
    expect((await storage.messages.readHeads([])).heads.size).toBe(0);
  });
});

describe("a hub that is harmed", () => {
  const route = { userId: "ada", connection: 1, origin: "00".repeat(8), deviceKind: "" };

  it("lets a frozen node hear afterwards, in order, what came meanwhile, and that its registration has ended", async () => {
    const { hub, time } = virtualHub();
    const [a, b] = [await HubNode.start(hub, time, "a"), await HubNode.start(hub, time, "b")];
    await time.advance(100);
    const epoch = b.self?.epoch;
    b.link.freeze();
    const views = b.views.length;
    await time.advance(5_000);
    expect(a.view).toEqual(["a", "b"]);
    await time.advance(6_000);
    expect(a.view).toEqual(["a"]);
    expect(b.views.length).toBe(views);
    b.link.thaw();
    await time.advance(100);
    expect(b.views[views]?.self).toBeNull();
    expect(b.self?.epoch).not.toBe(epoch);
    expect(a.view).toEqual(["a", "b"]);
  });

  it("brings a frozen node the batch whose sender has given it up", async () => {
    const { hub, time } = virtualHub();
    const [a, b] = [await HubNode.start(hub, time, "a"), await HubNode.start(hub, time, "b")];
    b.link.freeze();
    const sent = a.send(b);
    await time.advance(1_000);
    expect(await sent).toBe("unavailable");
    expect(b.batches).toBe(0);
    b.link.thaw();
    await time.advance(0);
    expect(b.batches).toBe(1);
  });

  it("takes what a node asks for that does not hear the answer", async () => {
    const { hub, time } = virtualHub();
    const a = await HubNode.start(hub, time, "a");
    const node = { id: "a", epoch: "e" };
    a.link.loseAnswers();
    const claim = a.presence.claim({ route: { ...route, node }, policy: "multi", maxDevices: 9, live: [node] });
    const failed = expect(claim).rejects.toMatchObject({ code: "unavailable" });
    await time.advance(1_000);
    await failed;
    a.link.heal();
    const found = a.presence.locate(["ada"]);
    await time.advance(0);
    expect((await found).get("ada")).toHaveLength(1);
  });

  it("keeps nothing of a node that crashed but its routes, and lets another have its address", async () => {
    const { hub, time } = virtualHub();
    const [a, b] = [await HubNode.start(hub, time, "a"), await HubNode.start(hub, time, "b")];
    b.link.crash();
    const views = b.views.length;
    const sent = a.send(b);
    await time.advance(11_000);
    expect(await sent).toBe("unavailable");
    expect(a.view).toEqual(["a"]);
    expect(b.views.length).toBe(views);
    const c = await HubNode.start(hub, time, "c", b.rpc.address);
    await b.rpc.close();
    const again = a.send(c);
    await time.advance(0);
    expect(await again).toBe("taken");
    expect([b.batches, c.batches]).toEqual([0, 1]);
  });

  it("parts two nodes and nobody else", async () => {
    const { hub, time } = virtualHub();
    const nodes = [
      await HubNode.start(hub, time, "a"),
      await HubNode.start(hub, time, "b"),
      await HubNode.start(hub, time, "c"),
    ];
    const [a, b, c] = nodes as [HubNode, HubNode, HubNode];
    hub.part("b", "a");
    const sends = Promise.all([a.send(b), b.send(a), a.send(c), c.send(b)]);
    await time.advance(1_000);
    expect(await sends).toEqual(["unavailable", "unavailable", "taken", "taken"]);
    hub.rejoin("a", "b");
    const again = a.send(b);
    await time.advance(0);
    expect(await again).toBe("taken");
    expect(a.view).toEqual(["a", "b", "c"]);
  });

  it("loses, repeats and delays the records it is told to", async () => {
    const { hub, time } = virtualHub({ partitions: 1 });
    const a = await HubNode.start(hub, time, "a");
    const fates = { lost: "lose", twice: "repeat", late: { delayMs: 500 } } as const;
    hub.harmQueue(({ key }) => fates[key as keyof typeof fates] ?? "bring");
    const published = a.queue.publish(["first", "lost", "twice", "late", "last"].map(recordOf));
    await time.advance(499);
    await published;
    expect(a.taken).toEqual(["first", "twice"]);
    await time.advance(501);
    expect(a.taken).toEqual(["first", "twice", "late", "last", "twice"]);
  });

  it("brings what is in hand to another when it shares the queue anew, and hears only the other's answer", async () => {
    const { hub, time } = virtualHub({ partitions: 1 });
    const [a, b] = [await HubNode.start(hub, time, "a"), await HubNode.start(hub, time, "b")];
    let end: () => void = () => undefined;
    a.taking = () =>
      new Promise((resolve) => {
        end = () => resolve({ dead: [0] });
      });
    b.taking = () => new Promise(() => undefined);
    const published = a.queue.publish([recordOf("one")]);
    await time.advance(0);
    await published;
    hub.rebalanceQueue();
    await time.advance(0);
    expect([a.taken, b.taken]).toEqual([["one"], ["one"]]);
    end();
    await time.advance(100);
    expect(hub.deadLetters).toEqual([]);
  });

  it("forgets records, with the dead letters", async () => {
    const { hub, time } = virtualHub({ partitions: 1 });
    const a = await HubNode.start(hub, time, "a");
    a.taking = async () => ({ dead: [0] });
    const published = a.queue.publish([recordOf("one")]);
    await time.advance(0);
    await published;
    expect(hub.deadLetters.map(({ key }) => key)).toEqual(["one"]);
    hub.forgetRecords();
    expect(hub.deadLetters).toEqual([]);
  });

  it("is not overtaken, whatever the latency", async () => {
    const random = new SeededRandom(5);
    const { hub, time } = virtualHub({ partitions: 1, latencyMs: () => random.between(0, 50) });
    const a = await HubNode.start(hub, time, "a");
    const published = Promise.all(Array.from({ length: 50 }, (_, n) => a.queue.publish([recordOf(String(n))])));
    await time.advance(1_000);
    await published;
    expect(a.taken).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  });
});

function recordOf(key: string): QueueRecord {
  return { key, value: Uint8Array.of(1) };
}
