import type { Fault } from "./fault.js";

/** What happens to everything at once. */
export const siteFaults: readonly Fault[] = [
  {
    kind: "everything: kill -9",
    harms: "everything",
    lastsMs: [0, 3_000],
    mayBeTrouble: true,
    begin: async (site) => {
      const all = [...site.nodes, ...Object.values(site.engines)];
      await Promise.all(all.map((each) => each.kill()));
      return { text: "everything killed", isTrouble: true, end: () => site.heal() };
    },
  },
];
