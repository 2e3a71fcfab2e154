import { type ChildProcess, spawn } from "node:child_process";

/** What to run for a project, and where. */
export interface Command {
  readonly project: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly words: readonly string[];
}

/** A command that was started, in a process group of its own, so that it ends with everything it has started itself. */
export class RunningCommand {
  readonly #command: Command;
  readonly #child: ChildProcess;
  /** What it has printed until now. */
  output = "";
  /** Resolves with the exit code, the signal, or why it could not be started. */
  readonly #ended: Promise<string>;
  #onOutput = (): void => {};

  constructor(command: Command) {
    const [program = "", ...args] = command.words;
    const { folder: cwd, environment: env } = command;
    this.#command = command;
    this.#child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(error.message));
      this.#child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on("data", (data) => this.#heard(data));
  }

  /** What it has printed, once it has ended by itself with exit code 0. */
  async success(limitMs: number): Promise<string> {
    const outcome = await this.#within(limitMs, this.#ended, "should have ended by itself");
    if (outcome !== "exit code 0") throw this.#problem(`ended with ${outcome}`);
    return this.output;
  }

  /** What `pattern` finds in the output, as soon as it is there. */
  async printed(pattern: RegExp, limitMs: number): Promise<string> {
    const found = new Promise<string>((resolve) => {
      this.#onOutput = () => {
        const match = pattern.exec(this.output);
        if (match !== null) resolve(match[1] ?? match[0]);
      };
      this.#onOutput();
    });
    const tooEarly = this.#ended.then((outcome) => Promise.reject(this.#problem(`ended with ${outcome}`)));
    return this.#within(limitMs, Promise.race([found, tooEarly]), `should have printed ${pattern}`);
  }

  /** Asks it to end, as whoever runs an application does. */
  terminate(): void {
    this.#child.kill("SIGTERM");
  }

  /** Ends it at once, with everything it has started. */
  kill(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // The group is gone already.
    }
  }

  #heard(data: Buffer): void {
    this.output += data.toString();
    this.#onOutput();
  }

  async #within<T>(limitMs: number, result: Promise<T>, expectation: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#problem(`${expectation} within ${limitMs / 1000} s`)), limitMs);
    });
    return Promise.race([result, late]).finally(() => clearTimeout(timer));
  }

  #problem(what: string): Error {
    const { project, words } = this.#command;
    return new Error(`project ${project}: \`${words.join(" ")}\` ${what}. It printed:\n${this.output.trim()}`);
  }
}
