import type { Crowd } from "../people/crowd.js";
import type { Place } from "../people/place.js";

const LOOK_EVERY_MS = 50;
/** So many of the clients have to be signed in. */
const SHARE = 0.95;

/** How long it took until things were as before. */
export interface Recovery {
  /** What had been wrong. */
  readonly fault: string;
  readonly ms: number;
  /** Other faults that went on or began meanwhile: it may have been waiting for the end of those. */
  readonly meanwhile: readonly string[];
}

interface Pending {
  readonly fault: string;
  readonly since: number;
  readonly meanwhile: Set<string>;
}

/** Measures how long it takes, after a fault, until nearly everybody is signed in and each node that runs has acknowledged an uplink. */
export class RecoveryWatch {
  readonly #crowd: Pick<Crowd, "onlineShare" | "ackedOn">;
  readonly #place: Pick<Place, "nodes">;
  readonly #elapsed: () => number;
  readonly #running: () => readonly string[];
  readonly #timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  readonly #found: Recovery[] = [];
  #pending: Pending[] = [];

  /** @param running the faults that go on just now */
  constructor(
    crowd: Pick<Crowd, "onlineShare" | "ackedOn">,
    place: Pick<Place, "nodes">,
    elapsed: () => number,
    running: () => readonly string[],
  ) {
    this.#crowd = crowd;
    this.#place = place;
    this.#elapsed = elapsed;
    this.#running = running;
  }

  /** Those that were measured, the slowest first. */
  get found(): readonly Recovery[] {
    return [...this.#found].sort((a, b) => b.ms - a.ms);
  }

  /** Begins to measure. */
  begin(fault: string): void {
    this.#pending.push({ fault, since: this.#elapsed(), meanwhile: new Set() });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const { meanwhile } of this.#pending) for (const fault of this.#running()) meanwhile.add(fault);
    if (this.#pending.length === 0 || this.#crowd.onlineShare < SHARE) return;
    this.#pending = this.#pending.filter((pending) => !this.#isOver(pending));
  }

  #isOver({ fault, since, meanwhile }: Pending): boolean {
    const ackedAt = this.#place.nodes.map(({ isUp }, node) =>
      isUp ? (this.#crowd.ackedOn(node) ?? Number.NEGATIVE_INFINITY) : Number.POSITIVE_INFINITY,
    );
    if (Math.min(...ackedAt) < since) return false;
    this.#found.push({ fault, ms: this.#elapsed() - since, meanwhile: [...meanwhile] });
    return true;
  }
}
