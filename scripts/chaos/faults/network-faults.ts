import type { Line } from "../lines/line.js";
import { NODE_NAMES, type NodeName } from "../site/ports.js";
import type { Site } from "../site/site.js";
import type { Fault } from "./fault.js";

const LASTS_MS: Fault["lastsMs"] = [1_000, 15_000];

/** What happens between nodes, and between the load balancer and a node. */
export const networkFaults: readonly Fault[] = [
  between("network: nodes parted", "reached by no other", (line) => line.cut()),
  between("network: nodes parted, requests only", "not asked by others", (line) => line.blackHole("up")),
  between("network: nodes parted, answers only", "not answering others", (line) => line.blackHole("down")),
  between("network: nodes far apart", "far from the others", (line) =>
    line.setWeather({ latencyMs: 400, jitterMs: 400 }),
  ),
  between("network: nodes sliced", "spelling to others", (line) => line.setWeather({ sliceBytes: 1 })),
  between("network: nodes reset", "reset by others", (line) => line.reset(), [0, 0]),
  {
    kind: "network: all nodes parted",
    harms: "network",
    lastsMs: LASTS_MS,
    mayBeTrouble: false,
    begin: async ({ lines }) => {
      const all = lines.all("rpc");
      for (const line of all) line.cut();
      const end = async (): Promise<void> => {
        for (const line of all) line.heal();
      };
      return { text: "no node reaches another", isTrouble: false, end };
    },
  },
  {
    kind: "network: front cut off from a node",
    harms: "network",
    lastsMs: LASTS_MS,
    mayBeTrouble: false,
    begin: async ({ front }, random) => {
      const name = random.pick(NODE_NAMES);
      front.setEdge(name, { lost: "both" });
      const end = async (): Promise<void> => front.setEdge(name, { lost: null });
      return { text: `node ${name} cut off from its clients`, isTrouble: false, end };
    },
  },
];

/** Something about the line by which the others reach one node. */
function between(kind: string, words: string, harm: (line: Line) => void, lastsMs = LASTS_MS): Fault {
  return {
    kind,
    harms: "network",
    lastsMs,
    mayBeTrouble: false,
    begin: async ({ lines }: Site, random) => {
      const name: NodeName = random.pick(NODE_NAMES);
      const line = lines.of("rpc", name);
      harm(line);
      return { text: `node ${name} ${words}`, isTrouble: false, end: async () => line.heal() };
    },
  };
}
