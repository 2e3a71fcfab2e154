import { join } from "node:path";
import { createImServer, type ImServer } from "shyim";
import { SqlitePlace } from "../adapters/knex/sqlite-place.js";
import { backUp, putBack, readSqliteFile } from "./sqlite-file.js";
import { auth, NO_RATE } from "./stage.js";
import { TcpProxy } from "./tcp-proxy.js";
import { withStorage } from "./with-storage.js";

/** A server on one SQLite file and behind one address, whose file can be turned back to an earlier copy. */
export class RestorableServer {
  readonly place: SqlitePlace;
  readonly #proxy: TcpProxy;
  readonly #copy: string;
  #im: ImServer;
  #stored: string[] = [];

  private constructor(place: SqlitePlace, proxy: TcpProxy) {
    this.place = place;
    this.#proxy = proxy;
    this.#copy = join(place.folder, "copy.db");
    this.#im = this.#createServer();
  }

  static async create(): Promise<RestorableServer> {
    return new RestorableServer(await SqlitePlace.create(), await TcpProxy.open(null));
  }

  /** Stays the same, whatever happens behind it. */
  get port(): number {
    return this.#proxy.port;
  }

  /** The server that runs now. */
  get im(): ImServer {
    return this.#im;
  }

  /** Ids of what this server has told to be stored, since it was started for the last time. */
  get stored(): readonly string[] {
    return this.#stored;
  }

  /** Serves the file as it is. Clients come in when `first` is done. */
  async start(first: (im: ImServer) => Promise<unknown> = async () => {}): Promise<void> {
    this.#im = this.#createServer();
    this.#stored = [];
    this.#im.on("message", ({ message }) => this.#stored.push(message.messageId));
    const { port } = await this.#im.listen(0, { host: "127.0.0.1" });
    await first(this.#im);
    this.#proxy.targetPort = port;
  }

  async stop(): Promise<void> {
    this.#proxy.targetPort = null;
    await this.#im.close();
  }

  /** Makes the copy, while the server runs. Gives the ids of the messages in it. */
  async backUp(): Promise<ReadonlySet<string>> {
    await backUp(this.place.filename, this.#copy);
    return readSqliteFile(this.#copy).messageIds;
  }

  /** Puts the copy in the place of the file; the server must have stopped. */
  putBack(): Promise<void> {
    return putBack(this.#copy, this.place.filename);
  }

  /** What `npx shyim migrate --restored` does; the server must have stopped. */
  markRestored(): Promise<unknown> {
    return withStorage(this.place, (storage) => storage.markRestored());
  }

  /** Leaves no socket and no file behind. */
  async dispose(): Promise<void> {
    await this.#im.close({ graceMs: 0 });
    await this.#proxy.close();
    await this.place.remove();
  }

  #createServer(): ImServer {
    return createImServer({ auth, storage: this.place.storage(), limits: NO_RATE });
  }
}
