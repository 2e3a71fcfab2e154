import createKnex, { type Knex } from "knex";
import type { Restorable } from "../../../e2e/gathering.js";
import { RestartableServer } from "../../../e2e/restartable-server.js";
import { eventually } from "../../../e2e/stage.js";
import { TcpProxy } from "../../../e2e/tcp-proxy.js";
import { ServerPlace } from "../server-place.js";
import { DatabaseCopy } from "./database-copy.js";
import type { ServerClient } from "./databases.js";

/** Messages that a copy waits for before it is made. */
const WRITTEN_MEANWHILE = 12;

/** A server on a database of its own and behind one address, whose database can be turned back to an earlier copy. */
export class RestorableDatabase extends RestartableServer<ServerPlace> implements Restorable {
  readonly #client: ServerClient;
  /** One connection. */
  readonly #knex: Knex;
  #copy: DatabaseCopy | null = null;

  private constructor(client: ServerClient, place: ServerPlace, proxy: TcpProxy) {
    super(place, proxy);
    this.#client = client;
    this.#knex = createKnex({ client, connection: place.url, pool: { min: 0, max: 1 } });
  }

  static async create(client: ServerClient, server: string): Promise<RestorableDatabase> {
    return new RestorableDatabase(client, await ServerPlace.create(client, server), await TcpProxy.open(null));
  }

  /** Makes the copy in the middle of what is being written. */
  async backUp(): Promise<ReadonlySet<string>> {
    const enough = this.stored.length + WRITTEN_MEANWHILE;
    await eventually(() => this.stored.length >= enough, "something is written");
    this.#copy = await DatabaseCopy.take(this.#knex, this.#client);
    return this.#copy.messageIds();
  }

  /** Puts the copy in the place of what is there; the server must have stopped. */
  async putBack(): Promise<void> {
    await this.#copy?.putBack();
  }

  /** Leaves no socket and no database behind. */
  override async dispose(): Promise<void> {
    await super.dispose();
    await this.#knex.destroy();
    await this.place.remove();
  }
}
