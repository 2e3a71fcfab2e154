import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "./find-program.js";
import { PackageInstaller } from "./package-installer.js";
import { placeOf, servicesFolder } from "./place.js";
import { ProcessFamily } from "./process-family.js";
import { readNotes } from "./process-note.js";
import type { Recipe, Service } from "./service.js";
import { startDaemons } from "./start-daemons.js";
import { startService } from "./start-service.js";
import { stopService } from "./stop-service.js";

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 20;

/**
 * A server of one's own, to be killed, stopped and emptied: made by the recipe of `npm run services`, with data of its own outside
 * the repository. What a broken-off run has left on its ports is ended when the next one is made.
 */
export class PrivateService {
  readonly #service: Service;
  readonly #recipe: Recipe;
  readonly #root: string;

  private constructor(service: Service, recipe: Recipe, root: string) {
    this.#service = service;
    this.#recipe = recipe;
    this.#root = root;
  }

  /** Whether the programs of the service are installed here. */
  static isPossible({ recipe }: Service): boolean {
    return recipe?.programs.every((program) => findProgram(program) !== null) ?? false;
  }

  /**
   * Makes new data and serves. @param service on ports below 32768, and nobody else's: test files run side by side
   * @param say hears what is installed and prepared
   */
  static async create(service: Service, say: (line: string) => void = () => {}): Promise<PrivateService> {
    const recipe = service.recipe as Recipe;
    const root = `${servicesFolder()}-private-${recipe.ports[0]}`;
    await stopService(service, root);
    const settings = { root, environment: {}, installer: new PackageInstaller(say), say };
    const outcome = await startService(service, { ...settings, signal: new AbortController().signal });
    if (outcome.kind === "absent") throw new Error(`no private ${service.name}: ${outcome.reason}`);
    return new PrivateService(service, recipe, root);
  }

  /** Of a user who may do everything. */
  get url(): string {
    return this.#recipe.url;
  }

  /** Its name and version; rejects, after two seconds at the latest, when it does not answer. */
  greet(): Promise<string> {
    return this.#service.greet(this.url);
  }

  /** Serves the data that is there, after `kill`. Resolves when it does. */
  async start(): Promise<void> {
    startDaemons(this.#recipe.daemons(this.#place), this.#place);
    for (const endsAt = performance.now() + READY_WITHIN_MS; ; await sleep(LOOK_EVERY_MS)) {
      try {
        await this.greet();
        return;
      } catch (error) {
        if (performance.now() > endsAt) throw error;
      }
    }
  }

  /** `kill -9` of all its processes at once; resolves when they are gone. */
  async kill(): Promise<void> {
    await this.#family().kill();
  }

  /** Stops all its processes in the middle of whatever they do: connections stay open and nothing answers. */
  stop(): void {
    this.#family().send("SIGSTOP");
  }

  /** Lets it go on after `stop`. */
  continue(): void {
    this.#family().send("SIGCONT");
  }

  /** Ends it, whatever state it is in, and takes its data away. */
  async end(): Promise<void> {
    this.continue();
    await stopService(this.#service, this.#root);
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** The same at once, for the end of this process: what is left of its data goes with the next one that is made. */
  abandon(): void {
    this.#family().send("SIGKILL");
    rmSync(this.#root, { recursive: true, force: true });
  }

  get #place() {
    return placeOf(this.#root, this.#service.name, this.#recipe.user);
  }

  #family(): ProcessFamily {
    return new ProcessFamily(readNotes(this.#place).map(({ pid }) => pid));
  }
}
