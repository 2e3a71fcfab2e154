import type { SeededRandom } from "../../fakes/random.js";

/** What the network is like just now, for everyone. Probabilities are per attempt. */
export interface NetworkWeather {
  latencyMs: number;
  jitterMs: number;
  /** An arrival is turned away, or the address does not answer. */
  connectFailure: number;
  /** An arrival hears nothing at all. */
  connectSilence: number;
}

/** What one link is like besides. */
export interface LinkQuality {
  /** Infinity on a good line. */
  bytesPerSecond: number;
  windowBytes: number;
  /** A push disappears on its way although its link lives: no network does that, a broken proxy might. */
  pushLoss: number;
}

/** A good line. */
export const GOOD_LINE: Readonly<LinkQuality> = {
  bytesPerSecond: Number.POSITIVE_INFINITY,
  windowBytes: 65_536,
  pushLoss: 0,
};

/** One way through the weather. */
export function delayMs(weather: NetworkWeather, quality: LinkQuality, random: SeededRandom, bytes: number): number {
  const transferMs = (bytes / quality.bytesPerSecond) * 1_000;
  return Math.round(weather.latencyMs + random.unit() * weather.jitterMs + transferMs);
}
