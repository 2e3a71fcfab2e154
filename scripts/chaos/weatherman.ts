import { setMaxListeners } from "node:events";
import type { SeededRandom } from "../../src/testing/fakes/random.js";
import type { PlannedFault } from "./faults/fault.js";
import type { RecordRoom } from "./judge/record-room.js";
import type { Site } from "./site/site.js";

/** Makes the faults of a plan, each at its time, and ends them. */
export class Weatherman {
  readonly #site: Site;
  readonly #room: Pick<RecordRoom, "history" | "climate" | "elapsed">;
  readonly #random: SeededRandom;
  readonly #onBetter: (fault: string) => void;
  readonly #running = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** @param onBetter called with what a fault was when it is over */
  constructor(
    site: Site,
    room: Pick<RecordRoom, "history" | "climate" | "elapsed">,
    random: SeededRandom,
    onBetter: (fault: string) => void,
  ) {
    this.#site = site;
    this.#room = room;
    this.#random = random;
    this.#onBetter = onBetter;
  }

  /** What goes on just now, for people. */
  get running(): readonly string[] {
    return [...this.#running];
  }

  /** How many faults there have been of each kind. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Resolves when the time is over and no fault goes on. Rejects when one could not be made or ended. */
  async run(plan: readonly PlannedFault[], lastsMs: number, signal: AbortSignal): Promise<void> {
    const end = new AbortController();
    const until = AbortSignal.any([signal, end.signal]);
    // Every fault waits for it.
    setMaxListeners(0, until);
    const startedAt = performance.now();
    const work = plan.map((planned) =>
      this.#endure(planned, startedAt, until).catch((error) => {
        end.abort();
        throw error;
      }),
    );
    await pass(lastsMs, until);
    end.abort();
    await Promise.all(work);
  }

  /** Everything works again. */
  async heal(): Promise<void> {
    const over = this.#room.climate.trouble();
    await this.#site.heal();
    over();
    this.#room.history.record({ kind: "healed" });
  }

  async #endure({ at, lastsMs, fault }: PlannedFault, startedAt: number, signal: AbortSignal): Promise<void> {
    await pass(startedAt + at - performance.now(), signal);
    if (signal.aborted) return;
    this.#counts.set(fault.kind, (this.#counts.get(fault.kind) ?? 0) + 1);
    const { history, climate } = this.#room;
    // Whatever may come of it is no surprise while it begins.
    const begun = fault.mayBeTrouble === false ? null : climate.trouble();
    const running = await fault.begin(this.#site, this.#random.fork());
    const over = running.isTrouble ? (begun ?? climate.trouble()) : null;
    if (over === null) begun?.();
    history.record({ kind: "note", text: `begins: ${running.text}` });
    this.#running.add(running.text);
    await pass(lastsMs, signal);
    await running.end();
    this.#running.delete(running.text);
    over?.();
    history.record({ kind: "note", text: `ends: ${running.text}` });
    this.#onBetter(running.text);
  }
}

/** Lets time pass, or less when there is no more to wait for. */
function pass(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
