import { countRoutes, flushRedis } from "../site/ask-redis.js";
import { ackTimes, duration, latencyFigures, showTimes } from "./measures.js";
import type { Ordeal } from "./ordeal.js";

const BEFORE_MS = 10_000;
const WITHIN_MS = 60_000;
const AFTER_MS = 10_000;

/** What it costs when the book of sessions is emptied. */
export const flushRedisOrdeal: Ordeal = {
  name: "flush-redis",
  about: "Redis forgets everything (FLUSHALL) while everybody writes",
  clients: 40,
  messagesPerSecond: 2,
  run: async (stage) => {
    const { url } = stage.site.engines.redis;
    const begun = stage.now();
    await stage.pass(BEFORE_MS);
    const from = stage.now();
    const routes = await countRoutes(url);
    await flushRedis(url);
    const backMs = await stage.until("all routes are back", WITHIN_MS, async () => (await countRoutes(url)) >= routes);
    const back = stage.now();
    await stage.pass(AFTER_MS);
    const { events } = stage;
    return [
      { what: "routes before", value: routes, unit: "" },
      duration("until all routes are back", backMs, 15_000),
      ...latencyFigures("shown, before", showTimes(events, [begun, from])),
      ...latencyFigures("shown, without routes", showTimes(events, [from, back])),
      ...latencyFigures("acknowledged, before", ackTimes(events, [begun, from])),
      ...latencyFigures("acknowledged, without routes", ackTimes(events, [from, back])),
    ];
  },
};
