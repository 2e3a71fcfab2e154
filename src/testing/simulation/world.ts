import { SeededRandom } from "../fakes/random.js";
import { VirtualTime } from "../fakes/virtual-time.js";
import { History } from "./history.js";
import { SimNetwork } from "./network/sim-network.js";
import { ProbeCounts } from "./probes.js";
import { StorageSite } from "./storage/storage-site.js";
import { HistoryTap } from "./wire-tap.js";

/** What everyone in one schedule shares: time, chance, network, storage, and the book that is kept about it. */
export class World {
  readonly time = new VirtualTime();
  readonly probes = new ProbeCounts();
  readonly history: History;
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly site: StorageSite;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.history = new History(() => this.time.elapsed);
    const tap = new HistoryTap(this.history, this.probes, this.random.fork());
    this.network = new SimNetwork(this.time, this.random.fork(), tap);
    this.site = new StorageSite(this.history, this.random.fork());
  }

  /** Resolves after `ms`, whoever is dead by then. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.time.after(ms, resolve));
  }

  note(text: string): void {
    this.history.record({ kind: "note", text });
  }
}
