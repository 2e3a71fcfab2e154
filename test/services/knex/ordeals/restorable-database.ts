import createKnex, { type Knex } from "knex";
import { createImServer, type ImServer } from "shyim";
import type { Restorable } from "../../../e2e/gathering.js";
import { auth, eventually, NO_RATE } from "../../../e2e/stage.js";
import { TcpProxy } from "../../../e2e/tcp-proxy.js";
import { withStorage } from "../../../e2e/with-storage.js";
import { ServerPlace } from "../server-place.js";
import { DatabaseCopy } from "./database-copy.js";
import type { ServerClient } from "./databases.js";

/** Messages that a copy waits for before it is made. */
const WRITTEN_MEANWHILE = 12;

/** A server on a database of its own and behind one address, whose database can be turned back to an earlier copy. */
export class RestorableDatabase implements Restorable {
  readonly place: ServerPlace;
  readonly #client: ServerClient;
  readonly #proxy: TcpProxy;
  /** One connection. */
  readonly #knex: Knex;
  #copy: DatabaseCopy | null = null;
  #im: ImServer;
  #stored: string[] = [];

  private constructor(client: ServerClient, place: ServerPlace, proxy: TcpProxy) {
    this.#client = client;
    this.place = place;
    this.#proxy = proxy;
    this.#knex = createKnex({ client, connection: place.url, pool: { min: 0, max: 1 } });
    this.#im = this.#createServer();
  }

  static async create(client: ServerClient, server: string): Promise<RestorableDatabase> {
    return new RestorableDatabase(client, await ServerPlace.create(client, server), await TcpProxy.open(null));
  }

  get port(): number {
    return this.#proxy.port;
  }

  /** Ids of what this server has told to be stored, since it was started for the last time. */
  get stored(): readonly string[] {
    return this.#stored;
  }

  /** Serves the database as it is. Clients come in when `first` is done. */
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

  /** Makes the copy in the middle of what is being written. */
  async backUp(): Promise<ReadonlySet<string>> {
    const enough = this.#stored.length + WRITTEN_MEANWHILE;
    await eventually(() => this.#stored.length >= enough, "something is written");
    this.#copy = await DatabaseCopy.take(this.#knex, this.#client);
    return this.#copy.messageIds();
  }

  /** Puts the copy in the place of what is there; the server must have stopped. */
  async putBack(): Promise<void> {
    await this.#copy?.putBack();
  }

  /** What whoever puts a copy back has to say; the server must have stopped. */
  markRestored(): Promise<string> {
    return withStorage(this.place, (storage) => storage.markRestored());
  }

  /** Leaves no socket and no database behind. */
  async dispose(): Promise<void> {
    await this.#im.close({ graceMs: 0 });
    await this.#proxy.close();
    await this.#knex.destroy();
    await this.place.remove();
  }

  #createServer(): ImServer {
    return createImServer({ auth, storage: this.place.storage(), limits: NO_RATE });
  }
}
