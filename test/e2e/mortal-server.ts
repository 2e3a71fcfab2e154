import { SqlitePlace } from "../adapters/knex/sqlite-place.js";
import type { ProgramEnd } from "../examples/run-program.js";
import { ServerProcess } from "./server-process.js";
import { TcpProxy } from "./tcp-proxy.js";

/**
 * A server on one SQLite file and behind one address, whichever process it is just now. The next process is loaded while the
 * present one serves, so that a restart takes no longer than opening the file.
 */
export class MortalServer {
  readonly place: SqlitePlace;
  readonly #proxy: TcpProxy;
  #next: Promise<ServerProcess>;
  #present: ServerProcess | null = null;

  private constructor(place: SqlitePlace, proxy: TcpProxy) {
    this.place = place;
    this.#proxy = proxy;
    this.#next = ServerProcess.load(place.filename);
  }

  static async create(): Promise<MortalServer> {
    return new MortalServer(await SqlitePlace.create(), await TcpProxy.open(null));
  }

  /** Stays the same over all restarts. */
  get port(): number {
    return this.#proxy.port;
  }

  /** Serves, in a process that has not served before. */
  async start(): Promise<void> {
    this.#present = await this.#next;
    this.#proxy.targetPort = await this.#present.listen();
    this.#next = ServerProcess.load(this.place.filename);
  }

  /** `kill -9` before this call returns. Resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#proxy.targetPort = null;
    await this.#present?.kill();
  }

  /** Closes it in good order. */
  async stop(): Promise<ProgramEnd | undefined> {
    return this.#present?.stop();
  }

  /** Leaves no process, no socket and no file behind. */
  async dispose(): Promise<void> {
    await Promise.allSettled([this.#present?.kill(), this.#next.then((next) => next.kill())]);
    await this.#proxy.close();
    await this.place.remove();
  }
}
