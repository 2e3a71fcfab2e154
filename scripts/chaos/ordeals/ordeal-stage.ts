import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "../../../src/testing/fakes/random.js";
import type { HistoryEvent, Problem } from "../../../src/testing/simulation/history.js";
import type { Verdict } from "../judge/judge.js";
import { RecordRoom } from "../judge/record-room.js";
import { type Cast, drawCast } from "../people/cast.js";
import { Crowd } from "../people/crowd.js";
import { SitePlace } from "../people/site-place.js";
import { Site } from "../site/site.js";
import type { Ordeal } from "./ordeal.js";
import { PinnedPeople, smallCast } from "./pinned-people.js";

const LOOK_EVERY_MS = 20;
const ARRIVE_WITHIN_MS = 30_000;
/** Processes that have just started are slow: nothing is measured before so long, ms. */
const WARM_UP_MS = 15_000;
const QUIET_WITHIN_MS = 60_000;

/** How to make a stage. */
export interface StageSettings {
  readonly seed: number;
  readonly clients: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

interface StageParts {
  readonly site: Site;
  readonly room: RecordRoom;
  readonly place: SitePlace;
  readonly cast: Cast;
  readonly settings: StageSettings;
}

/** A site with people on it, everything of which is recorded and judged in the end. */
export class OrdealStage {
  readonly site: Site;
  readonly room: RecordRoom;
  readonly place: SitePlace;
  readonly #settings: StageSettings;
  readonly #pinned: PinnedPeople;
  #crowd: Crowd | null = null;

  private constructor({ site, room, place, cast, settings }: StageParts) {
    this.site = site;
    this.room = room;
    this.place = place;
    this.#settings = settings;
    this.#pinned = new PinnedPeople(cast, place, room);
  }

  /** Resolves when everybody is signed in. */
  static async open(ordeal: Ordeal, settings: StageSettings): Promise<OrdealStage> {
    const random = new SeededRandom(settings.seed);
    const cast = ordeal.isPrivate === true ? smallCast() : drawCast(random.fork(), settings.clients);
    const { seed, say } = settings;
    const devicePolicy = ordeal.devicePolicy ?? "multi";
    // The checker allows a drain 2 s of grace.
    const environment = { SHYIM_DRAIN_GRACE_MS: "2000" };
    const site = await Site.start({ seed, say: () => {}, devicePolicy, environment });
    try {
      const room = await RecordRoom.open(site.storageUrl, cast);
      const stage = new OrdealStage({ site, room, place: new SitePlace(site), cast, settings });
      say(`${ordeal.name}: ${ordeal.about}`);
      await stage.#gather(ordeal, cast, random);
      return stage;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  /** Those of an ordeal that brings its own. */
  get pinned(): PinnedPeople {
    return this.#pinned;
  }

  /** Everybody else. */
  get crowd(): Crowd {
    if (this.#crowd === null) throw new Error("this ordeal has brought its own people");
    return this.#crowd;
  }

  /** What has happened so far. */
  get events(): readonly HistoryEvent[] {
    return this.room.history.events;
  }

  /** The clock of the events, ms. */
  now(): number {
    return this.room.elapsed();
  }

  say(line: string): void {
    this.#settings.say(`  ${line}`);
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#settings.signal });
  }

  /** Resolves with how long it took, ms. Rejects when it did not happen in time. */
  async until(what: string, withinMs: number, isSo: () => boolean | Promise<boolean>): Promise<number> {
    const since = performance.now();
    while (!(await isSo())) {
      if (performance.now() - since > withinMs) throw new Error(`not within ${withinMs / 1_000} s: ${what}`);
      await this.pass(LOOK_EVERY_MS);
    }
    return performance.now() - since;
  }

  /** Everything works again and comes to rest; what was recorded is judged. */
  async judge(): Promise<Verdict> {
    const over = this.room.climate.trouble();
    await this.site.heal();
    over();
    this.room.history.record({ kind: "healed" });
    const problems: readonly Problem[] = await (this.#crowd ?? this.#pinned).quiet(QUIET_WITHIN_MS);
    for (const { what, who } of problems.slice(0, 5)) this.say(`not at rest: ${who}: ${what}`);
    await this.#crowd?.close();
    await this.#pinned.close();
    this.place.close();
    return await this.room.judge(problems);
  }

  async close(): Promise<void> {
    this.place.close();
    await this.#crowd?.close();
    await this.#pinned.close();
    await this.room.close();
    await this.site.close();
  }

  async #gather(
    { isPrivate, messagesPerSecond, devicePolicy }: Ordeal,
    cast: Cast,
    random: SeededRandom,
  ): Promise<void> {
    if (isPrivate === true) {
      this.room.history.record({ kind: "rules", policy: devicePolicy ?? "multi" });
      return;
    }
    const { clients } = this.#settings;
    const rates = { messagesPerSecond: messagesPerSecond * clients, changesPerSecond: 0, deathsPerSecond: 0 };
    const { elapsed, storage, history } = this.room;
    const crowd = Crowd.start(this.place, history, { cast, random: random.fork(), elapsed, storage, ...rates });
    this.#crowd = crowd;
    await this.until("everybody is signed in", ARRIVE_WITHIN_MS, () => crowd.onlineShare === 1);
    await this.pass(WARM_UP_MS);
  }
}
