import createKnex from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PrivateService } from "../../../scripts/services/private-service.js";
import { createDatabase, type DatabaseName, whyNoDatabase } from "./private-database.js";

const KINDS: readonly (readonly [DatabaseName, number, string])[] = [
  ["mariadb", 23315, "mysql2"],
  ["postgres", 25441, "pg"],
];

async function run(client: string, connection: string, sql: string): Promise<string> {
  const knex = createKnex({ client, connection, pool: { min: 0, max: 1 } });
  try {
    return JSON.stringify(await knex.raw(sql));
  } finally {
    await knex.destroy();
  }
}

describe.each(KINDS)("a private %s", (name, port, client) => {
  const whyNot = whyNoDatabase(name);

  describe.skipIf(whyNot !== null)(whyNot ?? "to be harmed", () => {
    let database: PrivateService;
    beforeAll(async () => {
      database = await createDatabase(name, port);
    });
    afterAll(() => database?.end());

    it("has after kill -9 and a new start what was committed", async () => {
      await run(client, database.url, "create table t as select 4711 as n");
      await database.kill();
      await expect(database.greet()).rejects.toThrow("ECONNREFUSED");
      await database.start();
      expect(await run(client, database.url, "select n from t")).toContain("4711");
    });

    it("answers nobody while it is stopped, and everybody when it goes on", async () => {
      database.stop();
      await expect(database.greet()).rejects.toThrow("no answer");
      database.continue();
      expect(await run(client, database.url, "select 4711 as n")).toContain("4711");
    });
  });
});
