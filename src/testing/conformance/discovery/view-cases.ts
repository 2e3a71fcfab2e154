import { assertEqual, assertThat } from "../assert.js";
import { ODD_NODE_IDS } from "../cluster/odd-node-ids.js";
import type { DiscoveryCases, DiscoveryStage } from "./discovery-stage.js";
import type { RecordedNode } from "./recorded-node.js";

async function untilAllKnow(stage: DiscoveryStage, nodes: readonly RecordedNode[]): Promise<void> {
  await stage.patience.until(`each of ${nodes.length} nodes knows exactly these`, () =>
    nodes.every((node) => node.knowsOnly(nodes)),
  );
}

async function startTogether(stage: DiscoveryStage, count: number): Promise<RecordedNode[]> {
  const nodes: RecordedNode[] = [];
  for (let i = 0; i < count; i++) nodes.push(await stage.newNode());
  await Promise.all(nodes.map((node) => stage.start(node)));
  return nodes;
}

/** Who comes, who goes, and that everybody hears of it. */
export const viewCases: DiscoveryCases = (it) => {
  it("a node sees itself as it said it is, with an epoch", async (stage) => {
    const node = await stage.node("node-a", "gate.example:9094");
    assertEqual(node.self, { id: "node-a", address: "gate.example:9094", epoch: node.epoch }, "its own registration");
    assertThat(/^[!-~]{1,64}$/.test(node.epoch), "an epoch is 1–64 printable ASCII characters without spaces");
    assertEqual(node.nodes.length, 1, "how many nodes it knows");
  });

  it("nodes see each other, whoever came first, with the same epochs and addresses", async (stage) => {
    const nodes = [await stage.node(), await stage.node(), await stage.node()];
    await untilAllKnow(stage, nodes);
    for (const node of nodes) {
      for (const other of nodes) assertEqual(node.knows(other), other.self ?? undefined, "what one knows of another");
    }
  });

  it("D5: a node that leaves is gone at once, sees others come, and is not registered again", async (stage) => {
    const [watcher, leaver] = [await stage.node(), await stage.node()];
    await stage.patience.until("both see each other", () => watcher.knows(leaver) !== undefined);
    await stage.leave(leaver);
    assertEqual(leaver.self, null, "its own registration");
    await stage.patience.until("it is gone", () => watcher.knows(leaver) === undefined, 5_000);
    const late = await stage.node();
    await stage.patience.until("it sees the newcomer", () => leaver.knows(late) !== undefined);
    await stage.patience.until("it is still gone", () => late.knowsOnly([watcher, late]));
    assertEqual(leaver.self, null, "its own registration");
  });

  it("D5: a node that closes is gone at once", async (stage) => {
    const [watcher, node] = [await stage.node(), await stage.node()];
    await stage.patience.until("it is seen", () => watcher.knows(node) !== undefined);
    await stage.close(node);
    await stage.patience.until("it is gone", () => watcher.knows(node) === undefined, 5_000);
  });

  it("P13: two nodes with one address are two", async (stage) => {
    const nodes = [await stage.node("one", "10.0.0.1:9094"), await stage.node("two", "10.0.0.1:9094")];
    await untilAllKnow(stage, nodes);
    const [one] = nodes as [RecordedNode, RecordedNode];
    await stage.close(one);
    await stage.patience.until("the other stays", () => nodes[1]?.knowsOnly([{ id: "two" }]) === true);
  });

  it("P13: a node that comes again under its id has another epoch", async (stage) => {
    const [watcher, first] = [await stage.node(), await stage.node("again")];
    const { epoch } = first;
    await stage.close(first);
    const second = await stage.node("again");
    assertThat(second.epoch !== epoch, "no epoch comes twice");
    await stage.patience.until("it is known under it", () => watcher.knows(second)?.epoch === second.epoch);
  });

  it("S26: ids with a meaning to somebody are ids like any other", async (stage) => {
    const nodes: RecordedNode[] = [];
    for (const id of ODD_NODE_IDS) nodes.push(await stage.node(id));
    await untilAllKnow(stage, nodes);
    const [first, ...rest] = nodes as [RecordedNode, ...RecordedNode[]];
    await stage.close(first);
    await untilAllKnow(stage, rest);
  });

  it("P12: nobody is missed who comes while another begins to watch", async (stage) => {
    await untilAllKnow(stage, await startTogether(stage, 12));
  });

  it("P12: nobody stays who goes while another begins to watch", async (stage) => {
    const going = await startTogether(stage, 6);
    const [coming] = await Promise.all([startTogether(stage, 6), ...going.map((node) => stage.close(node))]);
    await untilAllKnow(stage, coming);
  });
};
