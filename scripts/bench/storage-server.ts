import { randomBytes } from "node:crypto";
import createKnex, { type Knex } from "knex";
import { knexStorage, type ServerStorageOptions } from "../../src/adapters/knex/index.js";
import { findService } from "../services/find-service.js";
import { servicesFolder } from "../services/place.js";
import type { Service } from "../services/service.js";
import { briefly } from "./briefly.js";
import type { BenchPlace, BenchTarget, FillWords } from "./storage-place.js";
import type { Durability } from "./storage-report.js";
import type { Undo } from "./undo.js";

/** What is to be known of a kind of database servers. */
export interface ServerKind {
  readonly service: Service;
  readonly client: ServerStorageOptions["client"];
  readonly words: FillWords;
  /** Behind `drop database x`. */
  readonly dropSuffix: string;
  /** Such as `MariaDB 10.11.6`. */
  readVersion(knex: Knex): Promise<string>;
  /** On a connection that is as old as the question. */
  readDurability(knex: Knex): Promise<Durability>;
  /** Has every commit wait for the disk from now on, as far as the server allows; `undo` puts back what was there. */
  harden(url: string, undo: Undo): Promise<void>;
}

/** A server that is given by the environment or runs here. */
export function serverTarget(kind: ServerKind): BenchTarget {
  const { name } = kind.service;
  return {
    name,
    open: async (_settings, undo) => {
      const here = await findService(kind.service, servicesFolder());
      if (here === null) return { absent: `it does not run: \`npm run services -- start ${name}\`` };
      return openServer(kind, here.url, here.kind === "given" ? "given" : "private", undo);
    },
  };
}

async function openServer(kind: ServerKind, url: string, server: "given" | "private", undo: Undo): Promise<BenchPlace> {
  const { client, words } = kind;
  // Somebody's own server is measured as it is.
  if (server === "private") await kind.harden(url, undo);
  const own = await createDatabase(kind, url, undo);
  const knex = createKnex({ client, connection: own, pool: { min: 0, max: 1 } });
  undo.add(() => knex.destroy());
  const storage = knexStorage({ client, connection: own });
  undo.add(() => storage.close());
  await storage.start();
  return {
    version: await kind.readVersion(knex),
    server,
    storage,
    readDurability: () => briefly(client, own, kind.readDurability),
    words,
    execute: async (sql) => void (await knex.raw(sql)),
  };
}

/** Gives its address. */
async function createDatabase({ client, dropSuffix }: ServerKind, url: string, undo: Undo): Promise<string> {
  const name = `shyim_bench_${randomBytes(6).toString("hex")}`;
  await briefly(client, url, (knex) => knex.raw(`create database ${name}`));
  undo.add(() => briefly(client, url, (knex) => knex.raw(`drop database ${name}${dropSuffix}`)));
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}
