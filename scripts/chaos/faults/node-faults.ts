import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import type { Site } from "../site/site.js";
import { sessionsInside } from "../site/site-database.js";
import type { SiteNode } from "../site/site-node.js";
import type { Fault } from "./fault.js";

/** The database tells about transactions at most ten times a second. */
const DATABASE_NOTICES_MS = 150;
const TRIES = 40;

/** What happens to the processes of nodes. */
export const nodeFaults: readonly Fault[] = [
  {
    kind: "node: kill -9",
    harms: "nodes",
    lastsMs: [0, 12_000],
    mayBeTrouble: false,
    begin: async (site, random) => {
      const node = pickNode(site, random);
      await node.kill();
      return { text: `node ${node.name} killed`, isTrouble: false, end: () => node.start() };
    },
  },
  {
    kind: "node: paused",
    harms: "nodes",
    lastsMs: [2_000, 15_000],
    mayBeTrouble: false,
    begin: async (site, random) => {
      const node = pickNode(site, random);
      node.pause();
      return { text: `node ${node.name} paused`, isTrouble: false, end: () => node.heal() };
    },
  },
  {
    kind: "node: drained, restarted",
    harms: "nodes",
    lastsMs: [0, 8_000],
    mayBeTrouble: false,
    begin: async (site, random) => {
      const node = pickNode(site, random);
      void node.drain();
      return { text: `node ${node.name} drained`, isTrouble: false, end: () => node.start() };
    },
  },
  {
    kind: "node: rolling restart",
    harms: "nodes",
    lastsMs: [0, 0],
    mayBeTrouble: false,
    begin: async (site) => {
      const rolled = rollOver(site);
      rolled.catch(() => {});
      return { text: "rolling restart", isTrouble: false, end: () => rolled };
    },
  },
  {
    kind: "node: paused in its commit",
    harms: "nodes",
    lastsMs: [6_000, 15_000],
    mayBeTrouble: true,
    begin: async (site, random) => {
      const node = pickNode(site, random);
      const isInside = await pauseInside(site, node);
      const where = isInside ? "in its commit" : "(in no commit)";
      return { text: `node ${node.name} paused ${where}`, isTrouble: true, end: () => node.heal() };
    },
  },
];

/** One that runs; any where none does. */
export function pickNode({ nodes }: Site, random: SeededRandom): SiteNode {
  const up = nodes.filter(({ isUp }) => isUp);
  return random.pick(up.length > 0 ? up : nodes);
}

/** One node after the other is drained and started, the next when the load balancer has the one before back. */
export async function rollOver(site: Site): Promise<void> {
  for (const node of site.nodes) {
    await node.drain();
    await node.start();
    await site.ready();
  }
}

/** Pauses it, and lets it go on, until the database says that it was paused between two words of a transaction. */
async function pauseInside({ storageUrl }: Site, node: SiteNode): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    node.pause();
    await sleep(DATABASE_NOTICES_MS);
    if ((await sessionsInside(storageUrl, node.name).catch(() => 0)) > 0) return true;
    node.continue();
    await sleep(tries);
  }
  node.pause();
  return false;
}
