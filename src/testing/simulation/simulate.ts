import { SeededRandom } from "../fakes/random.js";
import { checkHistory } from "./checker.js";
import type { Violation } from "./checks/violation.js";
import { drawPlan } from "./draw-plan.js";
import { type HistoryEvent, hashHistory } from "./history.js";
import type { Plan } from "./plan.js";
import type { ProbeCounts } from "./probes.js";
import { Stage } from "./stage.js";
import { World } from "./world.js";

/** How long everything may take to come to rest after the last fault, virtual ms. */
const QUIET_WITHIN_MS = 180_000;
/** Late copies and second thoughts have so long to show themselves. */
const AFTERGLOW_MS = 4_000;
/** A server that closes with a grace of 2 s is done by then. */
const CLOSE_WITHIN_MS = 10_000;
/** What concerns several nodes is drawn from another seed, so that schedules with one stay what they were. */
const CLUSTER_SEEDS = 2 ** 40;
const DEFAULT_HEARTBEAT_MS = 25_000;
/** What I12 allows beyond a heartbeat. */
const STALE_SLACK_MS = 5_000;

/** What one schedule is made from. */
export interface SimulateOptions {
  readonly seed: number;
  /** How many servers. Default: drawn. */
  readonly nodes?: 1 | 3;
}

/** What one schedule showed. */
export interface SimulateResult {
  /** Every breach of the contract; empty when it was kept. */
  readonly violations: readonly Violation[];
  /** How many servers there were. */
  readonly nodes: number;
  /** Messages submitted. */
  readonly messages: number;
  /** SHA-256 over the history: equal for equal seeds. */
  readonly hash: string;
  /** Which rare paths were entered. */
  readonly probes: ProbeCounts;
  readonly history: readonly HistoryEvent[];
}

/**
 * Runs one schedule: the real server, or three of them, and real clients on virtual time, everything about them drawn from
 * one seed, and judges what was recorded. Throws what a part threw where nothing may throw.
 */
export async function simulate({ seed, nodes }: SimulateOptions): Promise<SimulateResult> {
  const world = new World(seed);
  const clusterRandom = new SeededRandom(seed + CLUSTER_SEEDS);
  const plan = drawPlan(world.random.fork(), clusterRandom, nodes);
  const stage = new Stage(world, plan, clusterRandom);
  await live(world, plan, stage);
  const { userIds, groups } = plan.cast;
  const final = await world.site.readAll(
    userIds,
    groups.map(({ id }) => id),
  );
  const history = world.history.events;
  const staleAfterMs = (plan.limits.heartbeatMs ?? DEFAULT_HEARTBEAT_MS) + STALE_SLACK_MS;
  return {
    nodes: stage.fleet.hosts.length,
    violations: checkHistory(history, final, staleAfterMs),
    messages: history.filter(({ kind }) => kind === "invoke").length,
    hash: hashHistory(history),
    probes: world.probes,
    history,
  };
}

async function live(world: World, plan: Plan, stage: Stage): Promise<void> {
  const { time, history } = world;
  await run(world, stage.open());
  const begin = time.elapsed;
  for (const { at, step } of plan.moments) time.after(at, () => stage.act(step));
  await world.advanceTo(begin + plan.healAt);
  await run(world, stage.heal());
  await world.advanceTo(begin + (plan.moments.at(-1)?.at ?? 0));
  await world.until(() => stage.problems().length === 0, QUIET_WITHIN_MS);
  await world.advanceTo(time.elapsed + AFTERGLOW_MS);
  // Somebody's token may have ended just now.
  await world.until(() => stage.problems().length === 0, QUIET_WITHIN_MS);
  await stage.takeTurns((done) => world.until(done, QUIET_WITHIN_MS));
  const problems = stage.problems();
  const closed = await run(world, stage.close());
  history.record({
    kind: "quiet",
    problems: closed ? problems : [...problems, { what: "close_hangs", who: "server" }],
  });
}

/** Lets time pass until `work` is done; false when it takes too long. */
async function run(world: World, work: Promise<void>): Promise<boolean> {
  let isDone = false;
  let failure: unknown = null;
  work.then(
    () => {
      isDone = true;
    },
    (error) => {
      failure = error;
    },
  );
  await world.until(() => isDone || failure !== null, CLOSE_WITHIN_MS);
  if (failure !== null) throw failure;
  return isDone;
}
