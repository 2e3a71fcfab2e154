import type { NodeNumber, Problem } from "../history.js";
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
    ...checkDrains(facts),
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

/** A process that is given 2 s is closed within this, whatever is away, ms. */
const CLOSED_WITHIN_MS = 4_000;

/** I17. Those that were killed meanwhile close no more. */
function checkDrains({ events }: Facts): Violation[] {
  const found: Violation[] = [];
  const begun: { readonly node: NodeNumber | undefined; readonly at: number }[] = [];
  for (const event of events) {
    if (event.kind === "draining") begun.push({ node: event.node, at: event.at });
    if (event.kind !== "drained" && event.kind !== "crash") continue;
    const place = begun.findIndex(({ node }) => node === event.node);
    const [first] = place < 0 ? [] : begun.splice(place, 1);
    const tookMs = event.at - (first?.at ?? event.at);
    if (event.kind === "crash" || tookMs <= CLOSED_WITHIN_MS) continue;
    found.push({ class: "stuck", text: `node ${event.node} took ${tookMs} ms to close` });
  }
  return found;
}

function checkRest({ events }: Facts): Violation[] {
  return placed(events, "quiet").flatMap(({ event }) =>
    event.problems.map(({ what, who }) => ({
      class: PROBLEM_CLASS[what],
      text: `${who}: ${what} when all should be at rest`,
    })),
  );
}
