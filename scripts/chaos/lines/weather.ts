/** A direction through a line: from who connects to who is connected to, or back. */
export type Way = "up" | "down";

/** How the network is, for every connection by itself. */
export interface Weather {
  /** How long bytes travel, ms, each way; also how long a connection takes to be made. */
  readonly latencyMs: number;
  /** How much longer than that at most, ms. What was sent first still arrives first. */
  readonly jitterMs: number;
  /** So many at most, each way. */
  readonly bytesPerSecond: number;
  /** So many arrive together at most. */
  readonly sliceBytes: number;
  /**
   * Where nothing gets through, and nothing says so. What was sent meanwhile arrives afterwards, as TCP would repeat it. No connection
   * is made while either way is lost.
   */
  readonly lost: Way | "both" | null;
}

/** Nothing in the way. */
export const FAIR: Weather = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sliceBytes: Number.POSITIVE_INFINITY,
  lost: null,
};

/** Whether nothing gets through this way. */
export function isLost({ lost }: Weather, way: Way): boolean {
  return lost === "both" || lost === way;
}
