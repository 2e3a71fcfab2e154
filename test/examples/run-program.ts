import { spawn } from "node:child_process";
import { once } from "node:events";
import { repositoryFolder } from "../house/source-files.js";

/** How a program ended. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** A program in a process of its own, as a person would start it: TypeScript, or JavaScript (`.mjs`) with nothing but Node. */
export class Program {
  readonly ended: Promise<ProgramEnd>;
  readonly #child;
  #output = "";
  #errors = "";

  /** @param file relative to the repository */
  constructor(file: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const loader = file.endsWith(".mjs") ? [] : ["--import", "tsx"];
    this.#child = spawn(process.execPath, [...loader, file, ...args], {
      cwd: repositoryFolder,
      env: { ...process.env, ...env },
    });
    this.#child.stdout.on("data", (text) => {
      this.#output += text;
    });
    this.#child.stderr.on("data", (text) => {
      this.#errors += text;
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (exitCode) => resolve({ exitCode, lines: this.lines, errors: this.#errors }));
    });
  }

  /** What it has printed so far. */
  get lines(): readonly string[] {
    return this.#output.split("\n");
  }

  /** Resolves with the first match of `pattern` in what it printed; rejects when it has ended without one. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match;
      await Promise.race([once(this.#child.stdout, "data"), this.#endedWithout(pattern)]);
    }
  }

  /** Types a line. */
  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Ctrl-D. */
  endInput(): void {
    this.#child.stdin.end();
  }

  async #endedWithout(pattern: RegExp): Promise<never> {
    const { errors } = await this.ended;
    throw new Error(`the program ended before it printed ${pattern}: ${this.#output}${errors}`);
  }

  /** Asks it to end, or by SIGKILL makes it; what it printed by then is in the result. Harmless when it has ended. */
  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<ProgramEnd> {
    this.#child.kill(signal);
    return this.ended;
  }
}
