import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { lastLines } from "../../services/run-program.js";
import { Turns } from "./turns.js";

const SERVES_WITHIN_MS = 60_000;
/** Beyond the time it gives itself. */
const DRAINS_WITHIN_MS = 10_000;

/** How a node is run. */
export interface SiteNodeOptions {
  readonly name: string;
  /** A JavaScript file. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Clients that want this node and no other, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly rpcPort: number;
  readonly drainGraceMs: number;
  /** Gets what it prints. */
  readonly log: string;
  /** It ended, and nobody here had wanted that. */
  readonly onCrash: (how: string) => void;
}

/** A process of the cluster. Calls wait for the one before; each may be said in any state. */
export class SiteNode {
  readonly #options: SiteNodeOptions;
  readonly #turns = new Turns();
  #child: ChildProcess | null = null;
  #isServing = false;
  #isPaused = false;
  /** We have told it to. */
  #isEnding = false;
  #isDraining = false;

  constructor(options: SiteNodeOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Through a line of its own. */
  get url(): string {
    return this.#options.url;
  }

  /** Where it listens itself. */
  get port(): number {
    return this.#options.port;
  }

  get rpcPort(): number {
    return this.#options.rpcPort;
  }

  /** `undefined` when there is no process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether there is a process that has said it serves, and is not paused. */
  get isUp(): boolean {
    return this.#isServing && !this.#isPaused;
  }

  /** Whether it was asked to leave in good order, and is still there. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Resolves when it serves. Rejects with the end of its log when it ends instead, or takes too long. */
  start(): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#isServing) return;
      await this.#serves(this.#spawn()).catch(async (error) => {
        await this.#end("SIGKILL");
        throw error;
      });
    });
  }

  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void> {
    return this.#turns.take(() => this.#end("SIGKILL"));
  }

  /** SIGTERM; resolves when it has ended. One that cannot end is killed. */
  drain(): Promise<void> {
    return this.#turns.take(async () => {
      this.continue();
      const timer = setTimeout(() => this.#send("SIGKILL"), this.#options.drainGraceMs + DRAINS_WITHIN_MS);
      this.#isDraining = this.#child !== null;
      await this.#end("SIGTERM");
      clearTimeout(timer);
    });
  }

  /** Stops it in the middle of whatever it does, at once. */
  pause(): void {
    this.#isPaused = this.#send("SIGSTOP");
  }

  /** Lets it go on, at once. */
  continue(): void {
    this.#send("SIGCONT");
    this.#isPaused = false;
  }

  /** Whatever has happened to it: it serves. */
  heal(): Promise<void> {
    this.continue();
    return this.start();
  }

  /** Kills it and does not wait. */
  abandon(): void {
    this.#send("SIGKILL");
  }

  #spawn(): ChildProcess {
    const { program, environment, log } = this.#options;
    const file = openSync(log, "a");
    const env = { PATH: process.env.PATH, LANG: "C.UTF-8", HOME: process.env.HOME, ...environment };
    // A group of its own: Ctrl-C on the terminal is for us, who then end it.
    const child = spawn(process.execPath, [program], { env, detached: true, stdio: ["ignore", file, file, "ipc"] });
    closeSync(file);
    this.#child = child;
    child.once("exit", (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    return child;
  }

  #serves(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (how: string): void => {
        clearTimeout(timer);
        reject(new Error(`node ${this.name} ${how}${lastLines(readFileSync(this.#options.log, "utf8"))}`));
      };
      const timer = setTimeout(() => fail(`did not serve within ${SERVES_WITHIN_MS / 1_000} s`), SERVES_WITHIN_MS);
      child.once("exit", (code, signal) => fail(`ended with ${signal ?? `exit code ${code}`} at its start`));
      child.on("message", (message: { readonly kind?: string }) => {
        if (message.kind !== "serving") return;
        clearTimeout(timer);
        this.#isServing = true;
        resolve();
      });
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    this.#isEnding = true;
    this.#isServing = false;
    child.kill(signal);
    await ended;
  }

  #ended(how: string): void {
    const isCrash = !this.#isEnding;
    this.#child = null;
    this.#isEnding = false;
    this.#isDraining = false;
    this.#isServing = false;
    this.#isPaused = false;
    if (isCrash) this.#options.onCrash(how);
  }

  #send(signal: NodeJS.Signals): boolean {
    return this.#child?.kill(signal) ?? false;
  }
}
