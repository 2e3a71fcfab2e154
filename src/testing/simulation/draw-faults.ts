import type { SeededRandom } from "../fakes/random.js";
import type { Cast, FaultStep, Moment } from "./plan.js";

/** What goes wrong before `endAt`. */
export function drawFaults(random: SeededRandom, cast: Cast, endAt: number, hasRestore: boolean): Moment[] {
  const drawn: Moment[] = [];
  const when = () => random.between(500, endAt);
  for (let i = random.between(0, 6); i > 0; i--) drawn.push(...drawLinkFault(random, cast, when()));
  for (let i = random.between(0, 2); i > 0; i--) drawn.push(...drawStoragePhase(random, when()));
  for (let i = random.pick([0, 0, 1, 2]); i > 0; i--) drawn.push(...drawOutage(random, when()));
  for (let i = random.pick([0, 0, 1, 2]); i > 0; i--) drawn.push(...drawRestart(random, cast, when()));
  for (let i = random.pick([0, 0, 1, 2]); i > 0; i--) drawn.push(...drawRevolvingDoor(random, cast, when()));
  for (let i = random.pick([0, 0, 0, 1, 2]); i > 0; i--) drawn.push(...drawAuthPhase(random, when()));
  if (random.chance(0.25)) drawn.push(...drawHeldUpLogin(random, cast, when()));
  if (random.chance(0.3)) drawn.push(drawClockJump(random, cast, when()));
  if (random.chance(0.3)) drawn.push(...drawBadAir(random, when()));
  return hasRestore ? [...drawn, ...drawRestore(random, cast, endAt)] : drawn;
}

function drawLinkFault(random: SeededRandom, cast: Cast, at: number): Moment[] {
  const { id: device, isLegacy } = random.pick(cast.devices);
  const until = at + random.between(500, 12_000);
  const kind = random.pick([
    "cut",
    "cut",
    "late_cut",
    "stall",
    "slow_return",
    "half_open",
    "narrow",
    isLegacy ? "cut" : "lossy",
  ] as const);
  const notices = () => random.pick([0, random.between(0, 3_000), null]);
  switch (kind) {
    case "cut":
      return [{ at, step: { kind: "cut", device, clientNoticesMs: 0, serverNoticesMs: 0 } }];
    case "late_cut":
      return [{ at, step: { kind: "cut", device, clientNoticesMs: notices(), serverNoticesMs: notices() } }];
    case "stall":
      return phase({ kind: "stall", device }, at, { kind: "go_on", device }, until);
    case "slow_return":
      return [
        { at, step: { kind: "cut", device, clientNoticesMs: 0, serverNoticesMs: 0 } },
        { at: at + random.between(20, 700), step: { kind: "stall", device } },
        { at: at + random.between(4_000, 11_000), step: { kind: "go_on", device } },
      ];
    case "half_open":
      return [{ at, step: { kind: "stall", device } }];
    default:
      return phase({ kind: "line", device, quality: kind }, at, { kind: "line", device, quality: "good" }, until);
  }
}

function drawStoragePhase(random: SeededRandom, at: number): Moment[] {
  const state = random.pick(["away", "flaky", "flaky"] as const);
  return phase({ kind: "storage", state }, at, { kind: "storage", state: "fair" }, at + random.between(300, 9_000));
}

function drawAuthPhase(random: SeededRandom, at: number): Moment[] {
  const mood = random.pick(["busy", "slow"] as const);
  return phase({ kind: "auth", mood }, at, { kind: "auth", mood: "fair" }, at + random.between(1_000, 15_000));
}

/** A login waits for the accounts; its device gives it up, which the server does not notice, and the next one is faster. */
export function drawHeldUpLogin(random: SeededRandom, cast: Cast, at: number): Moment[] {
  const device = random.pick(cast.devices).id;
  const until = at + random.between(1_000, 2_500);
  return [
    ...phase({ kind: "auth", mood: "slow" }, at, { kind: "auth", mood: "fair" }, until),
    { at, step: { kind: "cut", device, clientNoticesMs: 0, serverNoticesMs: 0 } },
    { at: until, step: { kind: "cut", device, clientNoticesMs: 0, serverNoticesMs: null } },
  ];
}

function drawOutage(random: SeededRandom, at: number): Moment[] {
  const kind = random.pick(["crash", "crash", "drain"] as const);
  return phase({ kind, node: "all" }, at, { kind: "serve", node: "all" }, at + random.between(50, 3_000));
}

function drawRestart(random: SeededRandom, cast: Cast, at: number): Moment[] {
  const device = random.pick(cast.devices).id;
  return phase({ kind: "kill", device }, at, { kind: "start", device }, at + random.between(10, 6_000));
}

function drawClockJump(random: SeededRandom, cast: Cast, at: number): Moment {
  const device = random.chance(0.5) ? null : random.pick(cast.devices).id;
  const ms = random.pick([-86_400_000, -5_000, 3_600_000, 31_536_000_000]);
  return { at, step: { kind: "clock", device, ms } };
}

function drawBadAir(random: SeededRandom, at: number): Moment[] {
  const bad: FaultStep = {
    kind: "network",
    connectFailure: random.pick([0, 0.5]),
    connectSilence: random.pick([0.2, 0.5]),
  };
  const good: FaultStep = { kind: "network", connectFailure: 0, connectSilence: 0 };
  return phase(bad, at, good, at + random.between(1_000, 10_000));
}

/**
 * A member is removed, goes on sending, and is added again while copies of what was refused may still be under way or
 * its sender has not heard of it.
 */
function drawRevolvingDoor(random: SeededRandom, cast: Cast, at: number): Moment[] {
  const { id: device, userId } = random.pick(cast.devices);
  const groupId = random.pick(cast.groups).id;
  const backAt = at + random.between(60, 3_000);
  const sends = Array.from({ length: random.between(1, 4) }, (): Moment => {
    const step = { kind: "send", device, target: { kind: "group", id: groupId }, words: "hello" } as const;
    return { at: at + random.between(10, 200), step };
  });
  const trouble = random.pick([
    phase({ kind: "storage", state: "flaky" }, at, { kind: "storage", state: "fair" }, backAt),
    phase({ kind: "kill", device }, at + random.between(50, 400), { kind: "start", device }, backAt),
    [
      {
        at: at + random.between(50, 400),
        step: { kind: "cut", device, clientNoticesMs: 0, serverNoticesMs: null },
      } as const,
    ],
  ]);
  const door: Moment[] = [
    { at, step: { kind: "remove", groupId, userId } },
    { at: backAt, step: { kind: "add", groupId, userId } },
  ];
  return [...door, ...sends, ...trouble];
}

/** A backup, some life, a crash, and the backup put in place; some who come back are cut off while they find out. */
function drawRestore(random: SeededRandom, cast: Cast, endAt: number): Moment[] {
  const copyAt = random.between(1_000, endAt / 2);
  const crashAt = random.between(copyAt, endAt - 2_000);
  const restoreAt = crashAt + 600;
  const cuts = Array.from({ length: random.between(0, 3) }, (): Moment => {
    const { id: device } = random.pick(cast.devices);
    const at = restoreAt + random.between(550, 1_800);
    return { at, step: { kind: "cut", device, clientNoticesMs: 0, serverNoticesMs: 0 } };
  });
  return [
    { at: copyAt, step: { kind: "copy" } },
    { at: crashAt, step: { kind: "crash", node: "all" } },
    { at: restoreAt, step: { kind: "restore" } },
    ...cuts,
  ];
}

/** Something begins, and ends. */
export function phase(begin: FaultStep, at: number, end: FaultStep, until: number): Moment[] {
  return [
    { at, step: begin },
    { at: until, step: end },
  ];
}
