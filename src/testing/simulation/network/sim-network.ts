import type { Refusal, Transport, TransportHost, TransportLimits } from "../../../adapters/contracts/index.js";
import type { ClientSocketListener, Dial } from "../../../client/contracts.js";
import type { SeededRandom } from "../../fakes/random.js";
import type { VirtualRuntime, VirtualTime } from "../../fakes/virtual-time.js";
import type { DeviceId } from "../history.js";
import { Link, type LinkSurroundings, type ListeningProcess } from "./link.js";
import { GOOD_LINE, type LinkQuality, type NetworkWeather } from "./weather.js";

/** Who watches the wires. */
export type WireTap = Pick<
  LinkSurroundings,
  "onDown" | "onUp" | "onWaiting" | "onGoodbye" | "onDisturbed" | "onServerOver"
>;

/** Who listens on one machine, and what it says to newcomers when it takes none. */
interface Door {
  readonly process: ListeningProcess;
  refusal: Refusal | null;
}

/** One address, the machines behind it, whoever listens on them, and all links that lead there. */
export class SimNetwork {
  readonly weather: NetworkWeather = { latencyMs: 10, jitterMs: 5, connectFailure: 0, connectSilence: 0 };
  /** Lines that are not {@link GOOD_LINE}. */
  readonly lines = new Map<DeviceId, LinkQuality>();
  readonly #around: LinkSurroundings;
  readonly #links = new Set<Link>();
  #dialled = 0;
  readonly #doors = new Map<number, Door>();
  /** Machines behind the address: each arrival is sent to one of them by chance, whether somebody listens there or not. */
  nodes = 1;

  constructor(time: VirtualTime, random: SeededRandom, tap: WireTap) {
    this.#around = { time, random, weather: this.weather, ...tap };
  }

  /** Links that are not over at both ends. */
  get links(): readonly Link[] {
    for (const link of this.#links) if (link.isOver) this.#links.delete(link);
    return [...this.#links];
  }

  /** The transport of one server process on the machine `node`. */
  transport(runtime: VirtualRuntime, node = 0): Transport {
    let process: ListeningProcess | null = null;
    const ownDoor = (): Door | undefined => {
      const door = this.#doors.get(node);
      return door?.process === process ? door : undefined;
    };
    return {
      bind: (host: TransportHost, { maxFrameBytes }: TransportLimits) => {
        process = { node, runtime, host, maxFrameBytes };
      },
      start: async () => {
        if (process !== null) this.#doors.set(node, { process, refusal: null });
      },
      stopAccepting: (refusal) => {
        const door = ownDoor();
        if (door !== undefined) door.refusal = refusal;
      },
      close: async () => {
        if (ownDoor() !== undefined) this.#doors.delete(node);
        for (const link of this.links) if (link.server === process) link.cut(this.weather.latencyMs, 0);
      },
    };
  }

  /** The way of one client process to the address. */
  dial(device: DeviceId, runtime: VirtualRuntime): Dial {
    return (_url: string, listener: ClientSocketListener) => {
      const quality = this.lines.get(device) ?? GOOD_LINE;
      const link = new Link(++this.#dialled, device, runtime, listener, { ...quality }, this.#around);
      this.#links.add(link);
      const { random, time, weather } = this.#around;
      if (!random.chance(weather.connectSilence)) time.after(weather.latencyMs, () => this.#arrive(link));
      return link.clientEnd;
    };
  }

  /** A client process died: usually the system says so for it. */
  clientDied(runtime: VirtualRuntime): void {
    const { random, weather } = this.#around;
    for (const link of this.links) {
      if (link.client === runtime) link.cut(null, random.chance(0.2) ? null : weather.latencyMs);
    }
  }

  /** The server process died: what it does about its sockets depends on what the system still says for it. */
  crashed(runtime: VirtualRuntime): void {
    const { random, weather } = this.#around;
    for (const [node, { process }] of this.#doors) if (process.runtime === runtime) this.#doors.delete(node);
    for (const link of this.links) {
      if (link.server?.runtime !== runtime) continue;
      link.cut(random.chance(0.2) ? null : weather.latencyMs + random.between(0, 500), null);
    }
  }

  /** A process stands still: its links are open, and nothing comes of them. */
  froze(runtime: VirtualRuntime): void {
    for (const link of this.links) if (link.server?.runtime === runtime) this.#around.onDisturbed(link);
  }

  #arrive(link: Link): void {
    const node = this.nodes === 1 ? 0 : this.#around.random.between(0, this.nodes - 1);
    const door = this.#doors.get(node);
    if (door === undefined) link.refuse();
    else door.process.runtime.inside(() => this.#enter(link, door));
  }

  #enter(link: Link, door: Door): void {
    const { random, weather } = this.#around;
    const isOpen = this.#doors.get(door.process.node) === door && door.refusal === null;
    const fails = !isOpen || random.chance(weather.connectFailure);
    if (fails || !link.arrive(door.process)) link.refuse();
  }
}
