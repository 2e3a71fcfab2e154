import createKnex, { type Knex } from "knex";
import { inject, onTestFinished } from "vitest";
import type { KnexStorage } from "../../../../src/adapters/knex/index.js";
import { ServerPlace } from "../server-place.js";
import type { Crowd } from "./crowd.js";
import type { ServerClient, ServerName } from "./databases.js";

/** Connections of each node: more than its share of the committers and readers, so that nobody waits for one. */
const POOL = { max: 14 };

/** How a stage is set. */
export interface StageSettings {
  readonly nodes: number;
  readonly crowd: Crowd;
  /** As whom the nodes sign in; whoever makes their database, if it is not said. */
  readonly user?: string;
}

/** A crowd on a database of its own that several nodes have open. */
export class Stage {
  readonly place: ServerPlace;
  readonly client: ServerClient;
  readonly nodes: readonly KnexStorage[];
  readonly crowd: Crowd;
  /** Past all storages. */
  readonly knex: Knex;

  private constructor(place: ServerPlace, client: ServerClient, nodes: readonly KnexStorage[], crowd: Crowd) {
    this.place = place;
    this.client = client;
    this.nodes = nodes;
    this.crowd = crowd;
    this.knex = place.knex();
  }

  /** Everything is taken away when the test has finished. @param server a URL with a user who may do everything */
  static async open(client: ServerClient, server: string, { nodes, crowd, user }: StageSettings): Promise<Stage> {
    const place = await ServerPlace.create(client, server);
    onTestFinished(() => place.remove());
    const connection = new URL(place.url);
    if (user !== undefined) connection.username = user;
    const open = () => place.storage({ pool: POOL, connection: connection.href });
    const stage = new Stage(place, client, Array.from({ length: nodes }, open), crowd);
    onTestFinished(() => stage.#leave());
    // One after the other: a schema is made once.
    for (const storage of stage.nodes) await storage.start();
    await crowd.found(stage.node(0));
    return stage;
  }

  /** A knex on a server, gone when the test has finished. */
  static knexOn(client: ServerClient, connection: string): Knex {
    const knex = createKnex({ client, connection, pool: { min: 0, max: 1 } });
    onTestFinished(() => knex.destroy());
    return knex;
  }

  node(index: number): KnexStorage {
    return this.nodes[index % this.nodes.length] as KnexStorage;
  }

  async #leave(): Promise<void> {
    await Promise.all(this.nodes.map((storage) => storage.close()));
    await this.knex.destroy();
  }
}

/** Where a shared server is; empty where there is none. */
export function serverUrl(service: ServerName): string {
  return inject("services")[service] ?? "";
}
