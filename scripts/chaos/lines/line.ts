import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { connectTo } from "./connect-to.js";
import type { LineClock } from "./line-clock.js";
import { Passage } from "./passage.js";
import { FAIR, type Way, type Weather } from "./weather.js";

/** Beyond it connections are turned away: nobody needs so many, so somebody fails to let go. */
export const MAX_PASSAGES = 2_000;

/** Where a line is. */
export interface LineOptions {
  /** For people. */
  readonly name: string;
  /** On 127.0.0.1, where it begins; 0 takes a free one. */
  readonly port: number;
  /** On 127.0.0.1, where it leads to. */
  readonly target: number;
  readonly clock: LineClock;
}

/** An edge between two programs, over TCP, whose weather we make. */
export class Line {
  readonly name: string;
  readonly #server: Server;
  readonly #target: number;
  readonly #clock: LineClock;
  readonly #passages = new Set<Passage>();
  #weather = FAIR;

  private constructor({ name, target, clock }: LineOptions) {
    this.name = name;
    this.#target = target;
    this.#clock = clock;
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => this.#take(near));
    this.#server.maxConnections = MAX_PASSAGES;
  }

  /** Resolves when connections are taken. Rejects when the port is taken. */
  static async open(options: LineOptions): Promise<Line> {
    const line = new Line(options);
    await once(line.#server.listen(options.port, "127.0.0.1"), "listening");
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The connections through it just now. */
  get passages(): ReadonlySet<Passage> {
    return this.#passages;
  }

  /** For every connection there is and will be. */
  setWeather(change: Partial<Weather>): void {
    this.#weather = { ...this.#weather, ...change };
    for (const passage of this.#passages) passage.setWeather(change);
  }

  /** Nothing gets through any more, and nothing says so. */
  cut(): void {
    this.setWeather({ lost: "both" });
  }

  /** The same one way alone. */
  blackHole(way: Way): void {
    this.setWeather({ lost: way });
  }

  /** Fair weather for all, whatever there was. */
  heal(): void {
    this.setWeather(FAIR);
  }

  /** Breaks every connection; both ends hear it. */
  reset(): void {
    for (const passage of this.#passages) passage.reset();
  }

  /** Breaks everything and takes no more. */
  async close(): Promise<void> {
    this.reset();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(near: Socket): void {
    const passage = new Passage(near, () => connectTo(this.#target), this.#weather, this.#clock);
    this.#passages.add(passage);
    passage.open();
    void passage.ended().then(() => this.#passages.delete(passage));
  }
}
