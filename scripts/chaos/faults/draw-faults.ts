import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import { allFaults } from "./catalogue.js";
import type { Fault, Harmed, PlannedFault } from "./fault.js";

const MINUTE_MS = 60_000;
/** From one fault to the next: with the waiting for each other 5 s on average. */
const PAUSE_MS = [1_000, 8_000] as const;
/** What was harmed has so long at least before it is harmed again: for its own end, which takes time where something is started. */
const RESPITE_MS: Readonly<Partial<Record<Harmed, number>>> = { kafka: 8_000, nodes: 6_000, mariadb: 6_000 };
const SHORT_RESPITE_MS = 2_000;
/** Everything has to be there again before anything else is harmed. */
const EVERYTHING_BACK_MS = 12_000;

/**
 * What goes wrong in a storm, and when. Every kind happens once before any happens twice; what harms the same never overlaps. The
 * same randomness gives the same plan.
 */
export function drawFaults(random: SeededRandom, minutes: number): readonly PlannedFault[] {
  const plan: PlannedFault[] = [];
  const endsAt = minutes * MINUTE_MS;
  const freeAt = new Map<Harmed, number>();
  let deck: Fault[] = [];
  let at = random.between(...PAUSE_MS);
  while (at < endsAt) {
    if (deck.length === 0) deck = shuffled(allFaults, random);
    const index = deck.findIndex((fault) => isFree(fault, at, freeAt));
    const [fault] = deck.splice(Math.max(0, index), 1) as [Fault];
    const begins = index < 0 ? Math.max(at, waitFor(fault, freeAt)) : at;
    if (begins >= endsAt) break;
    const lastsMs = random.between(...fault.lastsMs);
    plan.push({ at: begins, lastsMs, fault });
    occupy(fault, begins + lastsMs, freeAt);
    at = begins + random.between(...PAUSE_MS);
  }
  return plan;
}

const PARTS: readonly Harmed[] = ["nodes", "mariadb", "redis", "etcd", "kafka", "network", "clients"];

/** What goes alone waits for all. */
function waitFor({ harms }: Fault, freeAt: ReadonlyMap<Harmed, number>): number {
  const parts = harms === "everything" ? PARTS : [harms];
  return Math.max(...parts.map((part) => freeAt.get(part) ?? 0));
}

function isFree(fault: Fault, at: number, freeAt: ReadonlyMap<Harmed, number>): boolean {
  return waitFor(fault, freeAt) <= at;
}

function occupy({ harms }: Fault, until: number, freeAt: Map<Harmed, number>): void {
  if (harms !== "everything") freeAt.set(harms, until + (RESPITE_MS[harms] ?? SHORT_RESPITE_MS));
  else for (const part of PARTS) freeAt.set(part, until + EVERYTHING_BACK_MS);
}

function shuffled<T>(list: readonly T[], random: SeededRandom): T[] {
  const left = [...list];
  return list.map(() => left.splice(random.between(0, left.length - 1), 1)[0] as T);
}
