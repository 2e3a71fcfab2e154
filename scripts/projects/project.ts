import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { applicationEnvironment } from "./pack-package.js";
import { RunningCommand } from "./running-command.js";
import { pinnedPackage } from "./versions.js";

const INSTALL_LIMIT_MS = 180_000;
const BUILD_LIMIT_MS = 120_000;
const RECEIVE_LIMIT_MS = 30_000;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** An empty project in a folder of its own, outside of this repository. */
export class Project {
  readonly name: string;
  readonly folder: string;
  /** The messages its code has received, as it printed them. */
  readonly received: string[] = [];
  readonly #running = new Set<RunningCommand>();

  constructor(name: string, place: string) {
    this.name = name;
    this.folder = join(place, name);
  }

  /** Writes `package.json` and copies the templates: everything an application has before its first `npm install`. */
  create(type: "module" | "commonjs", templates: readonly string[]): void {
    mkdirSync(this.folder);
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: `a-${this.name}`, private: true, type }));
    for (const template of templates) {
      cpSync(fileURLToPath(new URL(`templates/${template}`, import.meta.url)), this.folder, { recursive: true });
    }
  }

  async install(tarball: string, packages: readonly string[]): Promise<void> {
    const named = packages.map(pinnedPackage);
    await this.#step(
      ["npm", "install", tarball, ...named],
      `npm install ${["shyim", ...named].join(" ")}`,
      INSTALL_LIMIT_MS,
    );
  }

  /** Runs a tool of the project until it has ended by itself. */
  async build(...words: string[]): Promise<void> {
    await this.#step(words, words.join(" "), BUILD_LIMIT_MS);
  }

  /** Runs a program of the project, which has to print a received message and end by itself. */
  async receive(file: string, ...args: string[]): Promise<void> {
    const words = ["node", file, ...args];
    this.expectMessage(await this.#step(words, words.join(" "), RECEIVE_LIMIT_MS), `node ${file}`);
  }

  /** Starts a server, calls `visit` with its address, and tells the server to end, which it has to do in an orderly way. */
  async serve(file: string, args: readonly string[], visit: (url: string) => Promise<void>): Promise<void> {
    const server = this.#start(["node", file, ...args]);
    try {
      const url = await server.printed(/serving (\S+)/, START_LIMIT_MS);
      await visit(url).catch((error: Error) => {
        throw new Error(
          `project ${this.name}: a visit to \`node ${file}\`: ${error.message}\nIt printed:\n${server.output}`,
        );
      });
      server.terminate();
      await server.success(STOP_LIMIT_MS);
    } finally {
      this.#end(server);
    }
  }

  /** The line with the received message, which has to come from this project. */
  expectMessage(output: string, who: string): void {
    const line = output.split("\n").find((text) => text.includes(`received "hello from ${this.name}`));
    if (line === undefined) throw new Error(`project ${this.name}: ${who} received no message. It printed:\n${output}`);
    this.received.push(`${line} (${who})`);
    this.say(`${line} (${who})`);
  }

  say(text: string): void {
    console.log(`[${this.name}] ${text}`);
  }

  /** Ends whatever is still running. */
  end(): void {
    for (const command of [...this.#running]) this.#end(command);
  }

  /** Once: the number of a process that has ended may belong to another one later. */
  #end(command: RunningCommand): void {
    if (this.#running.delete(command)) command.kill();
  }

  async #step(words: readonly string[], shown: string, limitMs: number): Promise<string> {
    const startedAt = performance.now();
    const command = this.#start(words);
    try {
      const output = await command.success(limitMs);
      this.say(`${shown}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      return output;
    } finally {
      this.#end(command);
    }
  }

  /** Tools are found as in a script of `package.json`: those of the project first. */
  #start(words: readonly string[]): RunningCommand {
    const settings = applicationEnvironment();
    const path = [join(this.folder, "node_modules", ".bin"), settings.PATH].join(delimiter);
    const environment = { ...settings, PATH: path, NO_COLOR: "1", NEXT_TELEMETRY_DISABLED: "1" };
    const command = new RunningCommand({ project: this.name, folder: this.folder, environment, words });
    this.#running.add(command);
    return command;
  }
}
