import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "../../src/testing/fakes/random.js";
import type { Problem } from "../../src/testing/simulation/history.js";
import type { PlannedFault } from "./faults/fault.js";
import { RecordRoom } from "./judge/record-room.js";
import { drawCast } from "./people/cast.js";
import { Crowd } from "./people/crowd.js";
import { SitePlace } from "./people/site-place.js";
import { ProgressLine, type ProgressScreen } from "./report/progress-line.js";
import { RecoveryWatch } from "./report/recovery-watch.js";
import { reportStorm } from "./report/report-storm.js";
import type { StormReport } from "./report/storm-report.js";
import type { Site } from "./site/site.js";
import { Weatherman } from "./weatherman.js";

/** What people do each second, all 100 together. */
const RATES = { messages: 120, changes: 1, deaths: 0.3 };
const RATES_ARE_FOR = 100;
/** Everybody is signed in within this, before anything is harmed. */
const ARRIVE_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;
/** A node that stands still may have been in its commit: the database takes its locks away within this. */
const LOCKED_MS = 6_000;
/** How long everything may take to come to rest when everything works again. */
const QUIET_WITHIN_MS = 60_000;
const EXAMPLES = 20;

/** How to make a storm. */
export interface StormOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly clients: number;
  /** What is harmed, and when. */
  readonly plan: readonly PlannedFault[];
  readonly screen: ProgressScreen;
  /** Ends it early, in order. */
  readonly signal: AbortSignal;
}

/** People talk, and everything that can be harmed is; then all is healed, comes to rest, and is judged. */
export async function runStorm(site: Site, options: StormOptions): Promise<StormReport> {
  const random = new SeededRandom(options.seed);
  const cast = drawCast(random.fork(), options.clients);
  const stalls = monitorEventLoopDelay({ resolution: 10 });
  stalls.enable();
  const room = await RecordRoom.open(site.storageUrl, cast);
  const place = new SitePlace(site);
  const share = options.clients / RATES_ARE_FOR;
  const crowd = Crowd.start(place, room.history, {
    cast,
    random: random.fork(),
    elapsed: room.elapsed,
    storage: room.storage,
    messagesPerSecond: RATES.messages * share,
    changesPerSecond: RATES.changes,
    deathsPerSecond: RATES.deaths * share,
  });
  const man: Weatherman = new Weatherman(site, room, random.fork(), (fault) => recoveries.begin(fault));
  const recoveries = new RecoveryWatch(crowd, place, room.elapsed, () => man.running);
  const lastsMs = options.minutes * 60_000;
  place.onNode((_node, what) => {
    if (what === "frozen") setTimeout(room.climate.trouble(), LOCKED_MS);
  });
  const progress = new ProgressLine(options.screen, () => ({
    elapsedMs: room.elapsed(),
    endsAtMs: lastsMs,
    acked: room.history.counts.acked,
    shown: room.history.counts.shown,
    online: Math.round(crowd.onlineShare * options.clients),
    clients: options.clients,
    faults: man.running,
  }));
  try {
    await everybodyIsIn(crowd, options.signal);
    await man.run(options.plan, lastsMs, options.signal);
    progress.say("the storm is over: everything is healed");
    await man.heal();
    const problems = await comeToRest(crowd, progress);
    progress.say("at rest: everything that was recorded is judged");
    place.close();
    recoveries.close();
    const verdict = await room.judge(problems);
    return await reportStorm(verdict, {
      ...{ seed: options.seed, minutes: options.minutes, clients: options.clients, users: cast.userIds.length },
      ...{ tookMs: room.elapsed(), counts: room.history.counts, faults: man.counts, recoveries: recoveries.found },
      ...{ crashes: site.crashes, stalls },
    });
  } finally {
    progress.close();
    recoveries.close();
    place.close();
    stalls.disable();
    await crowd.close();
    await room.close();
  }
}

async function everybodyIsIn(crowd: Crowd, signal: AbortSignal): Promise<void> {
  const endsAt = performance.now() + ARRIVE_WITHIN_MS;
  while (crowd.onlineShare < 1 && !signal.aborted) {
    if (performance.now() > endsAt) throw new Error(`only ${crowd.onlineShare * 100} % of the clients have signed in`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function comeToRest(crowd: Crowd, progress: ProgressLine): Promise<readonly Problem[]> {
  const problems = await crowd.quiet(QUIET_WITHIN_MS);
  for (const { what, who } of problems.slice(0, EXAMPLES)) progress.say(`not at rest: ${who}: ${what}`);
  await crowd.close();
  return problems;
}
