import { join } from "node:path";
import { SqlitePlace } from "../adapters/knex/sqlite-place.js";
import type { Restorable } from "./gathering.js";
import { RestartableServer } from "./restartable-server.js";
import { backUp, putBack, readSqliteFile } from "./sqlite-file.js";
import { TcpProxy } from "./tcp-proxy.js";

/** A server on one SQLite file and behind one address, whose file can be turned back to an earlier copy. */
export class RestorableServer extends RestartableServer<SqlitePlace> implements Restorable {
  readonly #copy: string;

  private constructor(place: SqlitePlace, proxy: TcpProxy) {
    super(place, proxy);
    this.#copy = join(place.folder, "copy.db");
  }

  static async create(): Promise<RestorableServer> {
    return new RestorableServer(await SqlitePlace.create(), await TcpProxy.open(null));
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

  /** Leaves no socket and no file behind. */
  override async dispose(): Promise<void> {
    await super.dispose();
    await this.place.remove();
  }
}
