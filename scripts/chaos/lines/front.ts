import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { connectTo } from "./connect-to.js";
import { MAX_PASSAGES } from "./line.js";
import type { LineClock } from "./line-clock.js";
import { Passage } from "./passage.js";
import { ReadyWatch } from "./ready-watch.js";
import { FAIR, type Weather } from "./weather.js";

/** Who serves behind the front. */
export interface FrontTarget {
  readonly name: string;
  readonly port: number;
}

/** The load balancer: each connection goes to the next node that says it is ready. Made connections stay where they are. */
export class Front {
  readonly #server: Server;
  readonly #targets: readonly FrontTarget[];
  readonly #clock: LineClock;
  readonly #watch: ReadyWatch;
  readonly #passages = new Map<Passage, FrontTarget | null>();
  readonly #edges = new Map<string, Weather>();
  #turn = 0;

  private constructor(targets: readonly FrontTarget[], clock: LineClock) {
    this.#targets = targets;
    this.#clock = clock;
    this.#watch = new ReadyWatch(targets);
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => this.#take(near));
    this.#server.maxConnections = MAX_PASSAGES;
  }

  /** Resolves when connections are taken. @param port on 127.0.0.1; 0 takes a free one */
  static async open(port: number, targets: readonly FrontTarget[], clock: LineClock): Promise<Front> {
    const front = new Front(targets, clock);
    await once(front.#server.listen(port, "127.0.0.1"), "listening");
    front.#watch.start();
    return front;
  }

  /** For clients, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The connections of clients that have reached a node, or (with a name) that one. */
  passages(name?: string): Passage[] {
    const all = [...this.#passages].filter(([, target]) => target !== null);
    return all.filter(([, target]) => name === undefined || target?.name === name).map(([passage]) => passage);
  }

  /** Which node the client with this port of its own talks to. */
  nodeOf(clientPort: number): string | undefined {
    for (const [passage, target] of this.#passages) if (passage.nearPort === clientPort) return target?.name;
    return undefined;
  }

  /** Whether newcomers are sent to the node of this name. */
  isReady(name: string): boolean {
    return this.#watch.isReady(name) && this.#edge(name).lost === null;
  }

  /** The weather between here and one node, for every connection there is and will be. */
  setEdge(name: string, change: Partial<Weather>): void {
    this.#edges.set(name, { ...this.#edge(name), ...change });
    for (const passage of this.passages(name)) passage.setWeather(change);
  }

  /** Fair weather for all. */
  heal(): void {
    this.#edges.clear();
    for (const passage of this.#passages.keys()) passage.heal();
  }

  /** Breaks everything and takes no more. */
  async close(): Promise<void> {
    this.#watch.stop();
    for (const passage of this.#passages.keys()) passage.reset();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #edge(name: string): Weather {
    return this.#edges.get(name) ?? FAIR;
  }

  #take(near: Socket): void {
    const passage: Passage = new Passage(near, () => this.#dial(passage), FAIR, this.#clock);
    this.#passages.set(passage, null);
    passage.open();
    void passage.ended().then(() => this.#passages.delete(passage));
  }

  /** The next one that is ready and lets us in. */
  async #dial(passage: Passage): Promise<Socket | null> {
    for (const _ of this.#targets) {
      const target = this.#targets[this.#turn++ % this.#targets.length] as FrontTarget;
      const far = this.isReady(target.name) ? await connectTo(target.port) : null;
      if (far === null) continue;
      if (this.#passages.has(passage)) this.#passages.set(passage, target);
      passage.setWeather(this.#edge(target.name));
      return far;
    }
    return null;
  }
}
