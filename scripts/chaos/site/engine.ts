import { PrivateService } from "../../services/private-service.js";
import type { Service } from "../../services/service.js";
import { Turns } from "./turns.js";

/** A server that the nodes use, to be harmed. Calls wait for the one before; each may be said in any state. */
export class Engine {
  readonly name: string;
  readonly #service: PrivateService;
  readonly #turns = new Turns();
  #isUp = true;
  #isPaused = false;

  private constructor(name: string, service: PrivateService) {
    this.name = name;
    this.#service = service;
  }

  /** Makes one with new data. Rejects with what a person can do when it cannot be had here. */
  static async create(service: Service, say: (line: string) => void): Promise<Engine> {
    return new Engine(service.name, await PrivateService.create(service, say));
  }

  get url(): string {
    return this.#service.url;
  }

  /** Whether it runs, and is not paused. */
  get isServing(): boolean {
    return this.#isUp && !this.#isPaused;
  }

  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void> {
    return this.#turns.take(async () => {
      await this.#service.kill();
      this.#isUp = false;
      this.#isPaused = false;
    });
  }

  /** Serves again what it had; resolves when it does. */
  start(): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#isUp) return;
      await this.#service.start();
      this.#isUp = true;
    });
  }

  /** Stops it in the middle of whatever it does. */
  pause(): Promise<void> {
    return this.#turns.take(async () => {
      if (!this.#isUp) return;
      this.#service.stop();
      this.#isPaused = true;
    });
  }

  /** Lets it go on. */
  continue(): Promise<void> {
    return this.#turns.take(async () => {
      this.#service.continue();
      this.#isPaused = false;
    });
  }

  /** Whatever has happened to it: it serves. */
  async heal(): Promise<void> {
    await this.continue();
    await this.start();
  }

  /** Ends it and takes its data away. */
  end(): Promise<void> {
    return this.#turns.take(() => this.#service.end());
  }

  /** The same, at once. */
  abandon(): void {
    this.#service.abandon();
  }
}
