import type { Refusal, Transport, TransportHost, TransportLimits } from "../../../adapters/contracts/index.js";
import type { ClientSocketListener, Dial } from "../../../client/contracts.js";
import type { SeededRandom } from "../../fakes/random.js";
import type { VirtualRuntime, VirtualTime } from "../../fakes/virtual-time.js";
import type { DeviceId } from "../history.js";
import { Link, type LinkSurroundings, type ListeningProcess } from "./link.js";
import { GOOD_LINE, type LinkQuality, type NetworkWeather } from "./weather.js";

/** Who watches the wires. */
export type WireTap = Pick<LinkSurroundings, "onDown" | "onUp" | "onWaiting" | "onGoodbye" | "onDisturbed">;

/** One address, whoever listens there, and all links that lead to it. */
export class SimNetwork {
  readonly weather: NetworkWeather = { latencyMs: 10, jitterMs: 5, connectFailure: 0, connectSilence: 0 };
  /** Lines that are not {@link GOOD_LINE}. */
  readonly lines = new Map<DeviceId, LinkQuality>();
  readonly #around: LinkSurroundings;
  readonly #links = new Set<Link>();
  #listening: ListeningProcess | null = null;
  #refusal: Refusal | null = null;

  constructor(time: VirtualTime, random: SeededRandom, tap: WireTap) {
    this.#around = { time, random, weather: this.weather, ...tap };
  }

  /** Links that are not over at both ends. */
  get links(): readonly Link[] {
    for (const link of this.#links) if (link.isOver) this.#links.delete(link);
    return [...this.#links];
  }

  /** The transport of one server process. */
  transport(runtime: VirtualRuntime): Transport {
    let process: ListeningProcess | null = null;
    const isHere = () => process !== null && this.#listening === process;
    return {
      bind: (host: TransportHost, { maxFrameBytes }: TransportLimits) => {
        process = { runtime, host, maxFrameBytes };
      },
      start: async () => {
        this.#listening = process;
        this.#refusal = null;
      },
      stopAccepting: (refusal) => {
        if (isHere()) this.#refusal = refusal;
      },
      close: async () => {
        if (isHere()) this.#listening = null;
        for (const link of this.links) if (link.server === process) link.cut(this.weather.latencyMs, 0);
      },
    };
  }

  /** The way of one client process to the address. */
  dial(device: DeviceId, runtime: VirtualRuntime): Dial {
    return (_url: string, listener: ClientSocketListener) => {
      const quality = this.lines.get(device) ?? GOOD_LINE;
      const link = new Link(device, runtime, listener, { ...quality }, this.#around);
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
    if (this.#listening?.runtime === runtime) this.#listening = null;
    for (const link of this.links) {
      if (link.server?.runtime !== runtime) continue;
      link.cut(random.chance(0.2) ? null : weather.latencyMs + random.between(0, 500), null);
    }
  }

  #arrive(link: Link): void {
    const { random, weather } = this.#around;
    const server = this.#listening;
    const fails = server === null || this.#refusal !== null || random.chance(weather.connectFailure);
    if (fails || !link.arrive(server)) link.refuse();
  }
}
