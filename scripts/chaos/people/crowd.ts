import { setTimeout as sleep } from "node:timers/promises";
import type { DevicePolicy, Storage } from "../../../src/adapters/contracts/index.js";
import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import type { DeviceId, History, NodeNumber, Problem } from "../../../src/testing/simulation/history.js";
import { Administrator } from "./administrator.js";
import type { Cast } from "./cast.js";
import { Conversation } from "./conversation.js";
import { Ear } from "./ear.js";
import { viewInboxes } from "./inbox-views.js";
import { LegacySeat } from "./legacy-seat.js";
import type { Place } from "./place.js";
import { SdkSeat } from "./sdk-seat.js";
import type { Seat } from "./seat.js";
import { TokenDesk } from "./token-desk.js";

/** Signing in is spread over so long, ms. */
const ARRIVE_WITHIN_MS = 2_000;
const TICK_MS = 20;
/** A person who has lost their application opens it again within this, ms. */
const REOPEN_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 500;
/** Late copies and second thoughts have so long to show themselves, ms. */
const AFTERGLOW_MS = 2_000;

/** How people behave. */
export interface CrowdOptions {
  readonly cast: Cast;
  readonly random: SeededRandom;
  /** The clock of the history, ms. */
  readonly elapsed: () => number;
  /** Where the nodes keep everything, read past them. */
  readonly storage: Pick<Storage, "messages">;
  /** What the nodes were told about second devices. Default `multi`. */
  readonly policy?: DevicePolicy;
  /** Messages that are written each second, all people together. */
  readonly messagesPerSecond: number;
  /** Changes of membership each second. */
  readonly changesPerSecond: number;
  /** Applications that die each second. */
  readonly deathsPerSecond: number;
}

/** All people with their clients, and whoever changes the groups. */
export class Crowd {
  readonly seats: readonly Seat[];
  readonly #options: CrowdOptions;
  readonly #ear: Ear;
  readonly #administrator: Administrator;
  readonly #conversation: Conversation;
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(place: Place, history: History, options: CrowdOptions) {
    const { cast, random, elapsed } = options;
    this.#options = options;
    this.#ear = new Ear(history, place, elapsed);
    const desk = new TokenDesk(place.tokenKey);
    const token = (userId: string) => desk.tokenFor(userId);
    const around = { history, ear: this.#ear, url: `${place.front.url.replace(/^http/, "ws")}/ws`, token };
    this.seats = cast.devices.map((device) =>
      device.isLegacy ? new LegacySeat(device, around) : new SdkSeat(device, around),
    );
    this.#administrator = new Administrator(cast, { history, place, random: random.fork(), token });
    this.#conversation = new Conversation(cast, { seats: this.seats, random: random.fork() }, (groupId, userId) =>
      this.#administrator.isMember(groupId, userId),
    );
    history.record({ kind: "rules", policy: options.policy ?? "multi" });
  }

  /** Everybody signs in and begins to talk. Resolves at once; the groups of the cast have to be there. */
  static start(place: Place, history: History, options: CrowdOptions): Crowd {
    const crowd = new Crowd(place, history, options);
    for (const seat of crowd.seats) crowd.#later(options.random.between(0, ARRIVE_WITHIN_MS), () => seat.start());
    crowd.#later(ARRIVE_WITHIN_MS, () => crowd.#talk());
    return crowd;
  }

  /** How many of the clients are signed in, 0 to 1. */
  get onlineShare(): number {
    return this.#ear.signedIn / this.seats.length;
  }

  /** When a node last acknowledged an uplink, ms since the beginning; `null` for never. */
  ackedOn(node: NodeNumber): number | null {
    return this.#ear.ackedOn(node);
  }

  /** The node a device is signed in at; `null` when it is not. */
  nodeOf(device: DeviceId): NodeNumber | null {
    return this.#ear.nodeOf(device);
  }

  /** Everybody stops talking and waits. Resolves with what is still open when everything is settled, or has not been for too long. */
  async quiet(patienceMs: number): Promise<readonly Problem[]> {
    this.#silence();
    for (const seat of this.seats) seat.heal();
    const endsAt = performance.now() + patienceMs;
    let problems = await this.#problems();
    while (problems.length > 0 && performance.now() < endsAt) {
      await sleep(LOOK_EVERY_MS);
      problems = await this.#problems();
    }
    await sleep(AFTERGLOW_MS);
    return await this.#problems();
  }

  /** Everybody goes home. */
  async close(): Promise<void> {
    this.#silence();
    await Promise.all([this.#administrator.close(), ...this.seats.map((seat) => seat.close())]);
  }

  async #problems(): Promise<Problem[]> {
    const { storage, cast } = this.#options;
    const views = await viewInboxes(storage.messages, cast.userIds).catch(() => null);
    if (views === null) return [{ what: "behind", who: "nobody can tell: the storage does not answer" }];
    const nothing = { epoch: "", head: 0, lastReceived: 0 };
    return [
      ...this.#administrator.problems(),
      ...this.seats.flatMap((seat) => seat.problems(views.get(seat.userId) ?? nothing)),
    ];
  }

  #talk(): void {
    const { messagesPerSecond, changesPerSecond, deathsPerSecond, random } = this.#options;
    let lastAt = performance.now();
    let owed = 0;
    this.#every(TICK_MS, () => {
      const now = performance.now();
      const seconds = (now - lastAt) / 1_000;
      lastAt = now;
      // After a hiccup of this process nobody makes up for everything at once.
      owed = Math.min(owed + seconds * messagesPerSecond, messagesPerSecond / 5);
      for (; owed >= 1; owed--) this.#conversation.next();
      if (random.chance(seconds * changesPerSecond)) this.#administrator.changeSomething();
      if (random.chance(seconds * deathsPerSecond)) this.#die(random.pick(this.seats));
    });
  }

  #die(seat: Seat): void {
    seat.kill();
    this.#later(this.#options.random.between(200, REOPEN_WITHIN_MS), () => {
      if (!seat.isLegacy) seat.start();
    });
  }

  #silence(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #every(ms: number, act: () => void): void {
    this.#timers.add(setInterval(act, ms));
  }
}
