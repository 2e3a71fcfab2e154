/** How long a refusal is remembered, ms: longer than any late copy of an uplink can be on its way. */
export const REFUSAL_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** What lies between two refusals counts for so long at most, ms: a clock that jumps ahead must forget nothing early. */
const LONGEST_GAP_MS = 24 * 60 * 60 * 1000;

/** The age of a book of refusals. It has no clock of its own: each new refusal brings the server's time, which may jump. */
export interface RefusalClock {
  /** The server's time that has gone by in gaps that can be believed, ms. */
  readonly ageMs: number;
  /** The server's time at the last refusal, ms since 1970; `null` before the first. */
  readonly lastServerTime: number | null;
}

/** The clock after a refusal at `serverTime`. */
export function tickRefusalClock({ ageMs, lastServerTime }: RefusalClock, serverTime: number): RefusalClock {
  const gapMs = serverTime - (lastServerTime ?? serverTime);
  return { ageMs: ageMs + Math.min(Math.max(gapMs, 0), LONGEST_GAP_MS), lastServerTime: serverTime };
}
