import { countNodes } from "../site/ask-etcd.js";
import type { SiteNode } from "../site/site-node.js";
import { ackTimes, duration, latencyFigures, showTimes } from "./measures.js";
import type { Ordeal } from "./ordeal.js";

const BEFORE_MS = 10_000;
const AWAY_MS = 60_000;
const WITHIN_MS = 60_000;
const AFTER_MS = 10_000;

/** What it costs when the registry is away. */
export const etcdAway: Ordeal = {
  name: "etcd-away",
  about: "etcd is killed for a minute while everybody writes",
  clients: 40,
  messagesPerSecond: 2,
  run: async (stage) => {
    const { engines, nodes } = stage.site;
    const begun = stage.now();
    await stage.pass(BEFORE_MS);
    const from = stage.now();
    await engines.etcd.kill();
    await stage.pass(AWAY_MS);
    const to = stage.now();
    await engines.etcd.start();
    const isRight = async (): Promise<boolean> =>
      (await countNodes(engines.etcd.url)) === nodes.length &&
      (await Promise.all(nodes.map(knowsOthers))).every(Boolean);
    const rightMs = await stage.until("all nodes are registered and know it", WITHIN_MS, isRight);
    const back = stage.now();
    await stage.pass(AFTER_MS);
    const { events } = stage;
    return [
      ...latencyFigures("acknowledged, before", ackTimes(events, [begun, from])),
      ...latencyFigures("acknowledged, etcd away", ackTimes(events, [from, to])),
      ...latencyFigures("acknowledged, after", ackTimes(events, [back, stage.now()])),
      ...latencyFigures("shown, before", showTimes(events, [begun, from])),
      ...latencyFigures("shown, etcd away", showTimes(events, [from, to])),
      duration("until all nodes are registered, and say so", rightMs, 15_000),
    ];
  },
};

/** Whether a node says that its registry is up. */
async function knowsOthers({ port }: SiteNode): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health`);
  const { discovery } = (await answer.json()) as { readonly discovery: { readonly state: string } };
  return discovery.state === "up";
}
