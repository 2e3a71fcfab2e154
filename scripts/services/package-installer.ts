import { setTimeout as sleep } from "node:timers/promises";
import { withoutDaemons } from "./daemon-policy.js";
import { findProgram } from "./find-program.js";
import { runProgram } from "./run-program.js";

const OPTIONS = ["-q", "-y", "--no-install-recommends", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120"];

/** Installs Debian packages, where that is possible. */
export class PackageInstaller {
  readonly #say: (line: string) => void;
  #isListFresh = false;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Installs packages and starts nothing. Rejects with what a person can do where that is not possible. */
  async install(packages: readonly string[]): Promise<void> {
    const hindrance = this.#hindrance();
    if (hindrance !== null) {
      throw new Error(
        `${hindrance}: have \`apt-get install ${packages.join(" ")}\` (or your system's packages) run once.`,
      );
    }
    await withoutDaemons(() => this.#tryTwice(() => this.#install(packages)));
  }

  #hindrance(): string | null {
    if (findProgram("apt-get") === null) return "it is not installed, and there is no apt-get here";
    return process.getuid?.() === 0 ? null : "it is not installed, and only root may install packages";
  }

  async #install(packages: readonly string[]): Promise<void> {
    if (!this.#isListFresh) await apt(["update", "-q"], 180_000);
    this.#isListFresh = true;
    await apt(["install", ...OPTIONS, ...packages], 420_000);
  }

  async #tryTwice(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#say(`${(error as Error).message}\nonce more in 5 s`);
      this.#isListFresh = false;
      await sleep(5_000);
      await action();
    }
  }
}

async function apt(words: readonly string[], limitMs: number): Promise<void> {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProgram(["apt-get", ...words], { environment, limitMs });
}
