import { ackTimes, latencyFigures, showTimes } from "./measures.js";
import type { Ordeal } from "./ordeal.js";

const BEFORE_MS = 10_000;
const PAUSED_MS = 30_000;
const SETTLE_MS = 10_000;
const AFTER_MS = 10_000;

/** What it costs when the queue stands still. */
export const kafkaPaused: Ordeal = {
  name: "kafka-paused",
  about: "Kafka stands still for half a minute while everybody writes",
  clients: 40,
  messagesPerSecond: 2,
  run: async (stage) => {
    const { kafka } = stage.site.engines;
    const begun = stage.now();
    await stage.pass(BEFORE_MS);
    const from = stage.now();
    await kafka.pause();
    await stage.pass(PAUSED_MS);
    const to = stage.now();
    await kafka.continue();
    await stage.pass(SETTLE_MS);
    const settled = stage.now();
    await stage.pass(AFTER_MS);
    const { events } = stage;
    return [
      ...latencyFigures("acknowledged, before", ackTimes(events, [begun, from])),
      ...latencyFigures("acknowledged, Kafka paused", ackTimes(events, [from, to]), { p50: 1_500, p99: 3_000 }),
      ...latencyFigures("acknowledged, the first 10 s after", ackTimes(events, [to, settled])),
      ...latencyFigures("acknowledged, later", ackTimes(events, [settled, stage.now()])),
      ...latencyFigures("shown, Kafka paused", showTimes(events, [from, to])),
    ];
  },
};
