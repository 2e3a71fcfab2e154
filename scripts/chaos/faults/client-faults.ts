import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import type { Passage } from "../lines/passage.js";
import type { Weather } from "../lines/weather.js";
import type { Site } from "../site/site.js";
import type { Fault } from "./fault.js";

/** So many of the connections have it, and never fewer than three where there are. */
const SHARE = 0.1;
const LEAST = 3;

/** What happens to connections of clients. */
export const clientFaults: readonly Fault[] = [
  someHave("clients: half-open", "half-open", { lost: "both" }),
  someHave("clients: stop reading", "not reading", { lost: "down" }),
  someHave("clients: not heard", "not heard", { lost: "up" }),
  someHave("clients: 1-byte slices", "in slices of one byte", { sliceBytes: 1 }),
  someHave("clients: narrow", "narrow", { bytesPerSecond: 2_000 }),
  someHave("clients: far away", "far away", { latencyMs: 500, jitterMs: 500 }),
  {
    kind: "clients: reset",
    harms: "clients",
    lastsMs: [0, 0],
    mayBeTrouble: false,
    begin: async (site, random) => {
      const some = pickPassages(site, random);
      for (const passage of some) passage.reset();
      return { text: `${some.length} clients reset`, isTrouble: false, end: async () => {} };
    },
  },
];

function someHave(kind: string, words: string, weather: Partial<Weather>): Fault {
  return {
    kind,
    harms: "clients",
    lastsMs: [2_000, 15_000],
    mayBeTrouble: false,
    begin: async (site, random) => {
      const some = pickPassages(site, random);
      for (const passage of some) passage.setWeather(weather);
      const end = async (): Promise<void> => {
        for (const passage of some) passage.heal();
      };
      return { text: `${some.length} clients ${words}`, isTrouble: false, end };
    },
  };
}

/** Different ones, of those that have reached a node. */
function pickPassages({ front }: Site, random: SeededRandom): Passage[] {
  const all = front.passages();
  const some: Passage[] = [];
  for (let count = Math.max(LEAST, Math.round(all.length * SHARE)); count > 0 && all.length > 0; count--) {
    some.push(...all.splice(random.between(0, all.length - 1), 1));
  }
  return some;
}
