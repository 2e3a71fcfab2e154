import { checkAnswers } from "./checks/check-answers.js";
import { checkMembership } from "./checks/check-membership.js";
import { checkScreens } from "./checks/check-screens.js";
import { checkStorage } from "./checks/check-storage.js";
import { checkTime } from "./checks/check-time.js";
import { gatherFacts } from "./checks/facts.js";
import type { Violation } from "./checks/violation.js";
import type { FinalState, HistoryEvent } from "./history.js";

/** One heartbeat interval and 5 s: how long a connected client may lack a committed item (I12). */
export const DEFAULT_STALE_AFTER_MS = 30_000;

/**
 * Judges a run by nothing but what was recorded and what the storage holds in the end. Pure.
 * @param staleAfterMs the longest a connected client may lack a committed item
 * @returns every breach of the contract; empty when it was kept
 */
export function checkHistory(
  events: readonly HistoryEvent[],
  final: FinalState,
  staleAfterMs = DEFAULT_STALE_AFTER_MS,
): Violation[] {
  const facts = gatherFacts(events, final);
  return [
    ...checkStorage(facts),
    ...checkMembership(facts),
    ...checkAnswers(facts),
    ...checkScreens(facts),
    ...checkTime(facts, staleAfterMs),
  ];
}
