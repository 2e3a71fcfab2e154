import type { DevicePolicy } from "../../adapters/contracts/index.js";
import type { SeededRandom } from "../fakes/random.js";
import { drawHeldUpLogin, phase } from "./draw-faults.js";
import type { NodeNumber } from "./history.js";
import { type Cast, type ClusterPlan, HELPER_PARTS, type HelperPart, type HelperState, type Moment } from "./plan.js";

const NODES = 3;
/** A node that is cut off for so long has to read the heads often, or it is noticed, ms. */
const LONG_MS = 40_000;
const ISLAND_MESSAGES = 4;
/** When all is well again, somebody is disconnected within this, ms. */
const LATE_MS = 20_000;
/** By then nobody counts what a dead node has left, ms. */
const MISSED_MS = 16_000;

/** Draws whether there are several nodes, and what is between them. */
export function drawCluster(random: SeededRandom, nodes: 1 | 3 | undefined): ClusterPlan | null {
  const isCluster = random.chance(0.4);
  const plan = {
    nodes: NODES,
    hasQueue: random.chance(0.6),
    latencyMs: random.pick([0, 5, 40]),
    queue: {
      lost: random.pick([0, 0.2, 0.5]),
      repeated: random.pick([0, 0.3]),
      delayed: random.pick([0, 0.2]),
      delayMs: random.between(500, 15_000),
    },
  };
  return nodes === NODES || (nodes === undefined && isCluster) ? plan : null;
}

/** What faults between nodes depend on. */
export interface ClusterScene {
  readonly cast: Cast;
  readonly cluster: ClusterPlan;
  readonly policy: DevicePolicy;
  /** Everything goes wrong before this, ms. */
  readonly endAt: number;
}

/** What goes wrong between nodes. */
export function drawClusterFaults(random: SeededRandom, { cast, cluster, policy, endAt }: ClusterScene): Moment[] {
  const when = () => random.between(500, endAt);
  const drawn: Moment[] = [];
  for (let i = random.pick([0, 1, 2, 3]); i > 0; i--) drawn.push(...drawNodeFault(random, cast, when()));
  for (let i = random.pick([0, 0, 1, 2]); i > 0; i--) drawn.push(...drawHelperFault(random, when()));
  for (let i = random.pick([0, 0, 1, 2]); i > 0; i--) drawn.push(drawOblivion(random, when()));
  for (let i = random.pick([0, 0, 1]); i > 0; i--) drawn.push(...drawParting(random, cast, when()));
  for (let i = random.pick([0, 0, 0, 1, 2]); i > 0; i--) drawn.push(drawDisconnect(random, cast, when()));
  if (random.chance(0.35)) drawn.push(...drawIsland(random, cast, when(), endAt));
  // The next login of the same device is let in by another node.
  if (policy !== "multi" && random.chance(0.7)) drawn.push(...drawHeldUpLogin(random, cast, when()));
  if (policy === "reject-new" && random.chance(0.6)) drawn.push(...drawInheritance(random, cast, when()));
  if (cluster.hasQueue) drawn.push(...drawQueueFaults(random, endAt));
  return [...drawn, ...drawHandovers(random, cast, endAt)];
}

const drawNode = (random: SeededRandom): NodeNumber => random.between(0, NODES - 1);

function drawNodeFault(random: SeededRandom, cast: Cast, at: number): Moment[] {
  const node = drawNode(random);
  const kind = random.pick(["crash", "crash", "drain", "freeze", "freeze", "roll"] as const);
  if (kind === "roll") return [{ at, step: { kind } }];
  if (kind === "freeze") return drawFreeze(random, cast, at, node);
  return phase({ kind, node }, at, { kind: "serve", node }, at + random.between(50, 25_000));
}

/** A process stands still, mostly while it has its hands full. */
function drawFreeze(random: SeededRandom, cast: Cast, at: number, node: NodeNumber): Moment[] {
  const busy = cast.devices.map(({ id: device }): Moment => {
    const target = { kind: "group", id: random.pick(cast.groups).id } as const;
    return { at: at + random.between(0, 400), step: { kind: "send", device, target, words: "hello" } };
  });
  const until = at + random.between(5_000, 60_000);
  return [...busy, ...phase({ kind: "freeze", node, whenBusy: random.chance(0.6) }, at, { kind: "thaw", node }, until)];
}

function drawHelperFault(random: SeededRandom, at: number): Moment[] {
  const part: HelperPart = random.pick(HELPER_PARTS);
  const node = random.chance(0.4) ? "all" : drawNode(random);
  const state: HelperState = random.pick(["away", "away", "mute", "slow"] as const);
  const until = at + random.pick([random.between(200, 3_000), random.between(3_000, 30_000)]);
  return phase({ kind: "helpers", node, part, state }, at, { kind: "helpers", node, part, state: "fair" }, until);
}

/** Something is forgotten, or wrong from one moment to the next. */
function drawOblivion(random: SeededRandom, at: number): Moment {
  const kind = random.pick(["forget_routes", "forget_nodes", "misroute", "expire"] as const);
  return { at, step: kind === "expire" ? { kind, node: drawNode(random) } : { kind } };
}

/** Two nodes do not hear each other; what one has to tell the other waits. */
function drawParting(random: SeededRandom, cast: Cast, at: number): Moment[] {
  const first = drawNode(random);
  const nodes = [first, (first + random.between(1, NODES - 1)) % NODES] as const;
  const until = at + random.between(500, 40_000);
  const orders = Array.from({ length: random.pick([0, 1, 3]) }, () => {
    return drawDisconnect(random, cast, random.between(at, until));
  });
  return [...orders, ...phase({ kind: "part", nodes }, at, { kind: "rejoin", nodes }, until)];
}

function drawDisconnect(random: SeededRandom, cast: Cast, at: number): Moment {
  return { at, step: { kind: "disconnect", userId: random.pick(cast.userIds) } };
}

/** What people do when every node knows of every other again. */
export function drawLateDisconnects(random: SeededRandom, cast: Cast, from: number): Moment[] {
  return random.chance(0.4) ? [drawDisconnect(random, cast, from + random.between(0, LATE_MS))] : [];
}

/** A node reaches nothing but its clients and the storage, for long. */
function drawIsland(random: SeededRandom, cast: Cast, at: number, endAt: number): Moment[] {
  const node = drawNode(random);
  const from = Math.min(at, Math.max(500, endAt - LONG_MS));
  const island = { kind: "helpers", node, part: "all" } as const;
  const talk = Array.from({ length: ISLAND_MESSAGES }, (): Moment => {
    const target = { kind: "group", id: random.pick(cast.groups).id } as const;
    const step = { kind: "server_send", target, from: null, words: "hello", times: 1 } as const;
    return { at: from + random.between(LONG_MS / 2, LONG_MS), step };
  });
  const until = from + random.between(5_000, LONG_MS);
  return [...talk, ...phase({ ...island, state: "away" }, from, { ...island, state: "fair" }, until)];
}

function drawQueueFaults(random: SeededRandom, endAt: number): Moment[] {
  const when = () => random.between(500, endAt);
  const drawn: Moment[] = [];
  for (let i = random.pick([0, 1, 1, 2]); i > 0; i--) {
    const at = when();
    const until = at + random.between(2_000, 30_000);
    drawn.push(...phase({ kind: "queue", state: "harmful" }, at, { kind: "queue", state: "fair" }, until));
  }
  for (let i = random.pick([0, 0, 2, 8]); i > 0; i--) drawn.push({ at: when(), step: { kind: "rebalance" } });
  if (random.chance(0.15)) drawn.push({ at: when(), step: { kind: "forget_records" } });
  for (let i = random.pick([0, 0, 1, 3]); i > 0; i--) drawn.push(drawLitter(random, when()));
  return drawn;
}

/** Every part of the queue gets some of it, in between what is to be taken. */
function drawLitter(random: SeededRandom, at: number): Moment {
  return { at, step: { kind: "litter", records: random.between(1, 20) } };
}

/** Everything dies, the device that was signed in, too; as soon as that is missed, the other one has to be let in. */
function drawInheritance(random: SeededRandom, cast: Cast, at: number): Moment[] {
  const { userId } = random.pick(cast.devices);
  const own = cast.devices.filter((device) => device.userId === userId);
  return [
    ...phase({ kind: "crash", node: "all" }, at, { kind: "serve", node: "all" }, at + random.between(50, 3_000)),
    ...own.map(({ id: device }): Moment => ({ at, step: { kind: "kill", device } })),
    { at: at + MISSED_MS + random.between(0, 8_000), step: { kind: "start", device: random.pick(own).id } },
  ];
}

/** Whoever has two devices takes up the other one now and then. */
function drawHandovers(random: SeededRandom, cast: Cast, endAt: number): Moment[] {
  const second = cast.devices.filter(({ userId, id }) =>
    cast.devices.some((other) => other.userId === userId && other.id !== id),
  );
  if (second.length === 0) return [];
  return Array.from({ length: random.between(0, 6) }, () => {
    const { id: device } = random.pick(second);
    return { at: random.between(500, endAt), step: { kind: random.pick(["start", "start", "kill"] as const), device } };
  });
}
