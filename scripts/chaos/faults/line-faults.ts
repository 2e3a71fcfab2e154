import type { Weather } from "../lines/weather.js";
import { NODE_NAMES } from "../site/ports.js";
import type { EngineName } from "../site/site-engines.js";
import type { Fault } from "./fault.js";

/** One node reaches an engine no more, and nobody says so. */
export function cutOff(kind: string, name: EngineName, lastsMs: Fault["lastsMs"], isTrouble: boolean): Fault {
  return {
    kind,
    harms: name,
    lastsMs,
    mayBeTrouble: isTrouble,
    begin: async ({ lines }, random) => {
      const node = random.pick(NODE_NAMES);
      const line = lines.of(name, node);
      line.cut();
      return { text: `node ${node} cut off from ${name}`, isTrouble, end: async () => line.heal() };
    },
  };
}

/** An engine is far away from all nodes. */
export function slow(name: EngineName, weather: Pick<Weather, "latencyMs" | "jitterMs">, isTrouble: boolean): Fault {
  const trip = 2 * weather.latencyMs;
  return {
    kind: `${name}: ${trip / 1_000} s away`,
    harms: name,
    lastsMs: [3_000, 15_000],
    mayBeTrouble: isTrouble,
    begin: async ({ lines }) => {
      const far = lines.all(name);
      for (const line of far) line.setWeather(weather);
      const end = async (): Promise<void> => {
        for (const line of far) line.heal();
      };
      return { text: `${name} ${trip / 1_000} s away`, isTrouble, end };
    },
  };
}
