import type { SeededRandom } from "../../fakes/random.js";

/** What the storage is like just now. Probabilities are per call. */
export interface StorageWeather {
  /** A call takes up to so long to reach the storage, and its answer as long again, ms. */
  latencyMs: number;
  /** Every call fails. */
  isAway: boolean;
  /** A read, or a change of a group, fails. */
  readFailure: number;
  /** A commit fails, and nothing is written. */
  failBefore: number;
  /** A commit is reported as failed before it lands; it lands up to 3 s later. */
  failAt: number;
  /** A commit lands, and is reported as failed. */
  failAfter: number;
  /** The router is not told about a recipient. */
  lostHints: number;
  /** The router is told a seq that does not exist. */
  lyingHints: number;
  /** The router is told twice. */
  repeatedHints: number;
}

/** Nothing goes wrong. */
export const FAIR_STORAGE: Readonly<StorageWeather> = {
  latencyMs: 4,
  isAway: false,
  readFailure: 0,
  failBefore: 0,
  failAt: 0,
  failAfter: 0,
  lostHints: 0,
  lyingHints: 0,
  repeatedHints: 0,
};

/** What happens to one commit. */
export type CommitFate = "fine" | "before" | "at" | "after";

/** Draws the fate of one commit. */
export function drawFate(weather: StorageWeather, random: SeededRandom): CommitFate {
  if (weather.isAway) return "before";
  const draw = random.unit();
  if (draw < weather.failBefore) return "before";
  if (draw < weather.failBefore + weather.failAt) return "at";
  return draw < weather.failBefore + weather.failAt + weather.failAfter ? "after" : "fine";
}
