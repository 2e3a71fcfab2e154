import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../../../scripts/services/find-program.js";
import { mariadbOn } from "../../../scripts/services/kinds/mariadb.js";
import { postgresOn } from "../../../scripts/services/kinds/postgres.js";
import { PackageInstaller } from "../../../scripts/services/package-installer.js";
import { type Place, placeOf, servicesFolder } from "../../../scripts/services/place.js";
import { type ProcessNote, readNotes } from "../../../scripts/services/process-note.js";
import type { Recipe, Service } from "../../../scripts/services/service.js";
import { startDaemons } from "../../../scripts/services/start-daemons.js";
import { startService } from "../../../scripts/services/start-service.js";
import { stopService } from "../../../scripts/services/stop-service.js";
import { ProcessFamily } from "./process-family.js";

/** The servers a test may have for itself. */
export type PrivateService = "mariadb" | "postgres";

const MAKERS = { mariadb: mariadbOn, postgres: postgresOn } as const;
/** So long it may take to serve again: it mends what its death has left. */
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 20;

/**
 * A database server of a test's own, to be killed and stopped: made by the recipe of `npm run services`, with data of its own
 * outside the repository. What a broken-off run has left on its port is ended when the next one is made.
 */
export class PrivateDatabase {
  readonly #service: Service;
  readonly #recipe: Recipe;
  readonly #root: string;

  private constructor(service: Service, recipe: Recipe, root: string) {
    this.#service = service;
    this.#recipe = recipe;
    this.#root = root;
  }

  /** Why there can be none here; `null` when its programs are installed. */
  static whyNot(name: PrivateService): string | null {
    const missing = MAKERS[name](0).recipe?.programs.filter((program) => findProgram(program) === null) ?? [];
    return missing.length === 0 ? null : `${missing.join(" and ")} not installed`;
  }

  /** Makes new data and serves. @param port below 32768, and no other test's: test files run side by side */
  static async create(name: PrivateService, port: number): Promise<PrivateDatabase> {
    const service = MAKERS[name](port);
    const root = `${servicesFolder()}-of-a-test-${port}`;
    const say = (): void => {};
    const { signal } = new AbortController();
    const installer = new PackageInstaller(say);
    await stopService(service, root);
    const outcome = await startService(service, { root, environment: {}, installer, say, signal });
    if (outcome.kind === "absent") throw new Error(`no private ${name}: ${outcome.reason}`);
    return new PrivateDatabase(service, service.recipe as Recipe, root);
  }

  /** Of a user who may do everything. */
  get url(): string {
    return this.#recipe.url;
  }

  /** The server's first process; 0 while it does not run. */
  get pid(): number {
    return this.#notes[0]?.pid ?? 0;
  }

  /** Its name and version; rejects, after two seconds at the latest, when it does not answer. */
  greet(): Promise<string> {
    return this.#service.greet(this.url);
  }

  /** Serves the data that is there, after `kill`. Resolves when it does. */
  async start(): Promise<void> {
    startDaemons(this.#recipe.daemons(this.#place), this.#place);
    await this.#untilReady();
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

  get #place(): Place {
    return placeOf(this.#root, this.#service.name, this.#recipe.user);
  }

  get #notes(): readonly ProcessNote[] {
    return readNotes(this.#place);
  }

  #family(): ProcessFamily {
    return new ProcessFamily(this.#notes.map(({ pid }) => pid));
  }

  async #untilReady(): Promise<void> {
    for (const endsAt = performance.now() + READY_WITHIN_MS; ; await sleep(LOOK_EVERY_MS)) {
      try {
        await this.greet();
        return;
      } catch (error) {
        if (performance.now() > endsAt) throw error;
      }
    }
  }
}
