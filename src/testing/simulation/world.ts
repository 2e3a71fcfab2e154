import { SeededRandom } from "../fakes/random.js";
import { VirtualTime } from "../fakes/virtual-time.js";
import { TokenOffice } from "./actors/token-office.js";
import { History } from "./history.js";
import { SimNetwork } from "./network/sim-network.js";
import { ProbeCounts } from "./probes.js";
import { StorageSite } from "./storage/storage-site.js";
import { HistoryTap } from "./wire-tap.js";

/** Far more than any schedule needs. */
const MAX_MOMENTS = 100_000;

/** What everyone in one schedule shares: time, chance, network, storage, and the book that is kept about it. */
export class World {
  readonly time = new VirtualTime();
  readonly probes = new ProbeCounts();
  readonly history: History;
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly site: StorageSite;
  readonly office: TokenOffice;

  #moments = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.history = new History(() => this.time.elapsed);
    this.office = new TokenOffice({ time: this.time, probes: this.probes, random: this.random.fork() });
    const tap = new HistoryTap(this.history, this.probes, { office: this.office, random: this.random.fork() });
    this.network = new SimNetwork(this.time, this.random.fork(), tap);
    this.site = new StorageSite(this.history, this.random.fork());
  }

  /** Lets time pass until `done()`, `maxMs` at the longest. Throws when so much happens that something must be spinning. */
  async until(done: () => boolean, maxMs: number): Promise<boolean> {
    return this.time.until(() => {
      if (++this.#moments > MAX_MOMENTS) throw new Error(`something spins: more than ${MAX_MOMENTS} events`);
      return done();
    }, maxMs);
  }

  /** Lets time pass up to `at`, virtual ms since the beginning. */
  async advanceTo(at: number): Promise<void> {
    await this.until(() => false, at - this.time.elapsed);
    await this.time.advance(Math.max(0, at - this.time.elapsed));
  }

  /** Resolves after `ms`, whoever is dead by then. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.time.after(ms, resolve));
  }

  note(text: string): void {
    this.history.record({ kind: "note", text });
  }
}
