import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KnexStorage, knexStorage, type SqliteStorageOptions } from "../../src/adapters/knex/index.js";
import { loadSqliteDriver, type SqliteHandle } from "../../src/adapters/knex/sqlite/sqlite-driver.js";
import { type ExitCode, runCli } from "../../src/cli/run-cli.js";

/** What a person sees after a command. */
export interface Seen {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** The program with a terminal of its own, and a folder for its files. */
export class CommandLine {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<CommandLine> {
    return new CommandLine(await mkdtemp(join(tmpdir(), "shyim-cli-")));
  }

  async run(...args: string[]): Promise<Seen> {
    const out: string[] = [];
    const err: string[] = [];
    const terminal = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
    const facts = { version: "1.2.3", peerDependencies: { knex: "~3.3.0" } };
    const exitCode = await runCli(args, terminal, facts);
    return { exitCode, out: out.join("\n"), err: err.join("\n") };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** The database `name` through the library; not started. */
  storage(name: string, options: Partial<SqliteStorageOptions> = {}): KnexStorage {
    return knexStorage({ client: "sqlite", connection: { filename: this.path(name) }, ...options });
  }

  /** The database `name` through the driver alone, for as long as `work` runs. */
  async withDriver<T>(name: string, work: (handle: SqliteHandle) => T | Promise<T>): Promise<T> {
    const handle = loadSqliteDriver("sqlite")(this.path(name));
    try {
      return await work(handle);
    } finally {
      handle.close();
    }
  }

  files(): Promise<string[]> {
    return readdir(this.folder);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
