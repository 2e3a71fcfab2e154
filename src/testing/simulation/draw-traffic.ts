import type { Target } from "../../core/model.js";
import type { SeededRandom } from "../fakes/random.js";
import { FORBIDDEN_WORD } from "./actors/house-rules.js";
import type { Cast, Moment } from "./plan.js";

/** After the faults it is so long quiet between two bursts that nothing but the heads' reading could repair what one missed. */
const QUIET_MS = 8_000;
const LATE_BURSTS = 4;

/** What people and the application do: messages one by one and in bursts, and comings and goings in groups. */
export function drawTraffic(random: SeededRandom, cast: Cast, endAt: number): Moment[] {
  const moments: Moment[] = [];
  for (let i = random.between(3, 25); i > 0; i--) moments.push(...drawBurst(random, cast, random.between(0, endAt)));
  for (let i = 0; i < 3; i++) moments.push(...drawBurst(random, cast, endAt + QUIET_MS * (i + 0.3)));
  for (let i = random.between(0, 5); i > 0; i--) moments.push(drawServerSend(random, cast, endAt));
  for (let i = random.between(0, 6); i > 0; i--) moments.push(drawChange(random, cast, endAt));
  return moments;
}

/** Messages when every node knows of every other again: what is slow now was not told. */
export function drawLateTraffic(random: SeededRandom, cast: Cast, from: number): Moment[] {
  const starts = Array.from({ length: LATE_BURSTS }, (_, index) => from + QUIET_MS * index);
  return starts.flatMap((start) => drawBurst(random, cast, start));
}

/** A few messages of one device into one conversation, close together. */
function drawBurst(random: SeededRandom, cast: Cast, start: number): Moment[] {
  const { id } = random.pick(cast.devices);
  const target = drawTarget(random, cast);
  const spreadMs = random.pick([0, 5, 300]);
  return Array.from({ length: random.pick([1, 1, 2, 3, 8]) }, (_, index) => ({
    at: start + index * spreadMs,
    step: { kind: "send", device: id, target, words: drawWords(random) },
  }));
}

function drawServerSend(random: SeededRandom, cast: Cast, endAt: number): Moment {
  const from = random.chance(0.5) ? null : random.pick(cast.userIds);
  const step = { target: drawTarget(random, cast), from, words: drawWords(random), times: random.pick([0, 1, 2, 3]) };
  return { at: random.between(0, endAt), step: { kind: "server_send", ...step } };
}

function drawChange(random: SeededRandom, cast: Cast, endAt: number): Moment {
  const groupId = random.pick(cast.groups).id;
  const kind = random.pick(["add", "remove"] as const);
  return { at: random.between(0, endAt), step: { kind, groupId, userId: random.pick(cast.userIds) } };
}

function drawTarget(random: SeededRandom, cast: Cast): Target {
  if (random.chance(0.45)) return { kind: "group", id: random.pick(cast.groups).id };
  return { kind: "single", id: random.pick(cast.userIds) };
}

/** Mostly short; sometimes long enough to fill a window, sometimes what the application refuses. */
function drawWords(random: SeededRandom): string {
  if (random.chance(0.07)) return FORBIDDEN_WORD;
  return random.chance(0.1) ? "x".repeat(random.between(200, 1_500)) : "hello";
}
