import { assertEqual, assertThat } from "../assert.js";
import { type DiscoveryCases, type DiscoveryStage, GONE_WITHIN_MS } from "./discovery-stage.js";
import type { RecordedNode } from "./recorded-node.js";

async function pair(stage: DiscoveryStage): Promise<readonly [RecordedNode, RecordedNode]> {
  const [a, b] = [await stage.node(), await stage.node()];
  await stage.patience.until("they see each other", () => a.knows(b) !== undefined && b.knows(a) !== undefined);
  return [a, b];
}

/** Registries that are away, forget, or end what still lives. */
export const harmCases: DiscoveryCases = (it) => {
  it(
    "a node that ends without a goodbye is gone within 15 s",
    async (stage) => {
      const [watcher, lost] = await pair(stage);
      await lost.cut();
      await stage.patience.until("it is gone", () => watcher.knows(lost) === undefined, GONE_WITHIN_MS);
      await lost.heal();
    },
    "cut",
  );

  it(
    "P11: a node that was cut off knows it, keeps what it knew, and comes back under another epoch",
    async (stage) => {
      const [watcher, lost] = await pair(stage);
      const { epoch } = lost;
      await lost.cut();
      await stage.patience.until("it counts itself out", () => lost.self === null, GONE_WITHIN_MS);
      assertThat(lost.knows(watcher) !== undefined, "the others stay in its view");
      assertThat(lost.state === "down" || lost.state === "degraded", "it says that something is wrong");
      await lost.heal();
      await stage.patience.until("it is back", () => lost.self !== null && lost.state === "up", GONE_WITHIN_MS);
      assertThat(lost.epoch !== epoch, "no epoch comes twice");
      await stage.patience.until("others know it under the new epoch", () => watcher.knows(lost)?.epoch === lost.epoch);
    },
    "cut",
  );

  it(
    "K6: start resolves while the registry is away, and registers when it is there",
    async (stage) => {
      const [watcher, node] = [await stage.node(), await stage.newNode()];
      await node.cut();
      await stage.start(node);
      assertEqual(node.self, null, "its registration");
      await node.heal();
      await stage.patience.until("it is registered", () => node.self !== null, GONE_WITHIN_MS);
      await stage.patience.until(
        "it is seen, and sees",
        () => watcher.knowsOnly([watcher, node]) && node.knowsOnly([watcher, node]),
      );
    },
    "cut",
  );

  it(
    "leave and close resolve while the registry is away",
    async (stage) => {
      const nodes = [await stage.node(), await stage.node(), await stage.newNode()] as const;
      for (const node of nodes) await node.cut();
      await stage.leave(nodes[0]);
      assertEqual(nodes[0].self, null, "the registration of one that has left");
      await stage.close(nodes[0]);
      await stage.close(nodes[1]);
      const starting = nodes[2].discovery.start();
      await stage.close(nodes[2]);
      await stage.patience.for("a start under way settles", Promise.allSettled([starting]));
    },
    "cut",
  );

  it(
    "P12: what changed while a node was cut off is known to it afterwards",
    async (stage) => {
      const [watcher, going] = await pair(stage);
      await watcher.cut();
      await stage.close(going);
      const coming = await stage.node();
      await watcher.heal();
      await stage.patience.until(
        "it knows the truth",
        () => watcher.self !== null && watcher.knowsOnly([watcher, coming]),
        GONE_WITHIN_MS,
      );
    },
    "cut",
  );

  it(
    "P12: what changed is known also when the registry has forgotten how it came about",
    async (stage) => {
      const [watcher, going] = await pair(stage);
      await watcher.cut();
      await stage.close(going);
      const coming = await stage.node();
      await stage.compact();
      await watcher.heal();
      await stage.patience.until(
        "it knows the truth",
        () => watcher.self !== null && watcher.knowsOnly([watcher, coming]),
        GONE_WITHIN_MS,
      );
      const late = await stage.node();
      await stage.patience.until("it goes on watching", () => watcher.knows(late) !== undefined);
    },
    "compact",
  );

  it(
    "P11: a node whose registration has ended comes back by itself, under another epoch, time and again",
    async (stage) => {
      const [watcher, node] = await pair(stage);
      const epochs = new Set([node.epoch]);
      for (let round = 2; round <= 4; round++) {
        const { self } = node;
        if (self !== null) await stage.expire(self);
        const isBack = (): boolean => node.self !== null && !epochs.has(node.epoch);
        await stage.patience.until("it is registered again", isBack, GONE_WITHIN_MS);
        epochs.add(node.epoch);
        assertEqual(epochs.size, round, "how many epochs there were");
        await stage.patience.until("others know the new one", () => watcher.knows(node)?.epoch === node.epoch);
      }
    },
    "expire",
  );

  it(
    "P11: all come back when the registry has forgotten everybody",
    async (stage) => {
      const nodes = [...(await pair(stage)), await stage.node()];
      const epochs = nodes.map(({ epoch }) => epoch);
      await stage.flush();
      const areBack = (): boolean => nodes.every((node, i) => node.self !== null && node.epoch !== epochs[i]);
      await stage.patience.until("all are registered under new epochs", areBack, GONE_WITHIN_MS);
      const know = (node: RecordedNode): boolean => nodes.every((other) => node.knows(other)?.epoch === other.epoch);
      await stage.patience.until("all know all", () => nodes.every(know));
    },
    "flush",
  );
};
