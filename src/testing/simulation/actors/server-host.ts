import type { Plan } from "../plan.js";
import type { World } from "../world.js";
import { ServerProcess } from "./server-process.js";

/** The machine that server processes run on, one after the other. */
export class ServerHost {
  readonly #world: World;
  readonly #plan: Plan;
  #process: ServerProcess | null = null;

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.#plan = plan;
  }

  /** The process that serves; `null` while there is none. */
  get process(): ServerProcess | null {
    return this.#process;
  }

  /** Starts a process on the storage as it is now; harmless while one runs. */
  async start(): Promise<void> {
    if (this.#process !== null) return;
    this.#process = new ServerProcess(this.#world, this.#plan);
    await this.#process.start();
  }

  /** The wall clock of the machine jumps, and stays there for the processes to come. */
  jumpClock(ms: number): void {
    this.#world.office.jumpClock(ms);
    this.#process?.runtime.jumpClock(ms);
  }

  /** kill -9. */
  crash(): void {
    if (this.#process === null) return;
    this.#process.crash();
    this.#process = null;
    this.#world.probes.hit("crash");
  }

  /** The process leaves in good order; nobody serves from now on. */
  async drain(graceMs: number): Promise<void> {
    const process = this.#process;
    if (process === null) return;
    this.#process = null;
    await process.drain(graceMs);
  }
}
