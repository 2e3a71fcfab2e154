import { rollOver } from "../faults/node-faults.js";
import { ackTimes, duration, latencyFigures, longestWaits } from "./measures.js";
import type { Ordeal } from "./ordeal.js";

const BEFORE_MS = 10_000;
const AFTER_MS = 10_000;

/** What people notice of a new version. */
export const rollingRestart: Ordeal = {
  name: "rolling-restart",
  about: "three nodes are drained and started one after the other while everybody writes",
  clients: 40,
  messagesPerSecond: 1.5,
  run: async (stage) => {
    const begun = stage.now();
    await stage.pass(BEFORE_MS);
    const from = stage.now();
    await rollOver(stage.site);
    const to = stage.now();
    await stage.pass(AFTER_MS);
    const { events } = stage;
    return [
      duration("the whole roll", to - from),
      ...latencyFigures("acknowledged, before", ackTimes(events, [begun, from])),
      ...latencyFigures("acknowledged, meanwhile", ackTimes(events, [from, to])),
      ...latencyFigures("the longest wait of each client", longestWaits(events, [from, to]), { p99: 3_000 }),
    ];
  },
};
