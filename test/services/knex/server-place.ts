import { randomBytes } from "node:crypto";
import createKnex, { type Knex } from "knex";
import { type KnexStorage, knexStorage, type ServerStorageOptions } from "../../../src/adapters/knex/index.js";
import type { StorageFactory } from "../../../src/testing/conformance/storage.js";
import { KnexApplication } from "../../adapters/knex/knex-application.js";

/** A database of its own on a server, and handles on it. */
export class ServerPlace {
  readonly #client: ServerStorageOptions["client"];
  readonly #server: string;
  readonly #name = `shyim_${randomBytes(6).toString("hex")}`;
  readonly #applications: KnexApplication[] = [];

  private constructor(client: ServerStorageOptions["client"], server: string) {
    this.#client = client;
    this.#server = server;
  }

  /** @param server a URL with a user who may create databases */
  static async create(client: ServerStorageOptions["client"], server: string): Promise<ServerPlace> {
    const place = new ServerPlace(client, server);
    await place.#administer(`create database ${place.#name}`);
    return place;
  }

  get url(): string {
    const url = new URL(this.#server);
    url.pathname = `/${this.#name}`;
    return url.href;
  }

  /** A storage on the database, not started. */
  storage(options: Partial<ServerStorageOptions> = {}): KnexStorage {
    return knexStorage({ client: this.#client, connection: this.url, ...options });
  }

  /** A knex on the database, to be destroyed by the caller. */
  knex(): Knex {
    return createKnex({ client: this.#client, connection: this.url });
  }

  async application(): Promise<KnexApplication> {
    const application = await KnexApplication.open(this.knex());
    this.#applications.push(application);
    return application;
  }

  async remove(): Promise<void> {
    for (const application of this.#applications) await application.close();
    const force = this.#client === "pg" ? " with (force)" : "";
    await this.#administer(`drop database if exists ${this.#name}${force}`);
  }

  async #administer(statement: string): Promise<void> {
    const knex = createKnex({ client: this.#client, connection: this.#server, pool: { min: 0, max: 1 } });
    try {
      await knex.raw(statement);
    } finally {
      await knex.destroy();
    }
  }
}

/** Storages on databases of their own, any number of handles on each. */
export function serverFixture(client: ServerStorageOptions["client"], server: string): StorageFactory {
  return async () => {
    const place = await ServerPlace.create(client, server);
    return {
      storage: place.storage(),
      another: async () => place.storage(),
      application: () => place.application(),
      dispose: () => place.remove(),
    };
  };
}
