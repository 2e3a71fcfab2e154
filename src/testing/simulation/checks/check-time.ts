import type { Problem } from "../history.js";
import { AnswerWatch } from "./answer-watch.js";
import { checkSessions } from "./check-sessions.js";
import { type Facts, placed } from "./facts.js";
import { StalenessWatch } from "./staleness-watch.js";
import type { Violation, ViolationClass } from "./violation.js";

/** I12, I14, I17 and the end: nobody waits too long, nobody stays outside, everything comes to rest. */
export function checkTime(facts: Facts, staleAfterMs: number): Violation[] {
  return [
    ...new StalenessWatch(staleAfterMs).check(facts.events),
    ...new AnswerWatch().check(facts.events),
    ...checkSessions(facts),
    ...checkRest(facts),
  ];
}

const PROBLEM_CLASS: Readonly<Record<Problem["what"], ViolationClass>> = {
  cannot_log_in: "locked-out",
  unsettled: "lost",
  behind: "unseen",
  close_hangs: "stuck",
  queue_hangs: "stuck",
};

function checkRest({ events }: Facts): Violation[] {
  return placed(events, "quiet").flatMap(({ event }) =>
    event.problems.map(({ what, who }) => ({
      class: PROBLEM_CLASS[what],
      text: `${who}: ${what} when all should be at rest`,
    })),
  );
}
