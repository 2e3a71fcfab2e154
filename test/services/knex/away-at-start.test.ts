import { createImServer, type ImServer } from "shyim";
import { createImClient } from "shyim/client";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PrivateService } from "../../../scripts/services/private-service.js";
import { knexStorage, type ServerStorageOptions } from "../../../src/adapters/knex/index.js";
import { createDatabase, type DatabaseName, whyNoDatabase } from "./private-database.js";

const KINDS: readonly (readonly [DatabaseName, number, ServerStorageOptions["client"]])[] = [
  ["mariadb", 23317, "mysql2"],
  ["postgres", 25443, "pg"],
];
/** What is promised, ms, after the database serves again. */
const RECOVERY_MS = 5_000;

const auth = { authenticate: (token: string) => ({ userId: token }) };

async function until(holds: () => boolean, withinMs = 30_000): Promise<void> {
  for (const endsAt = performance.now() + withinMs; !holds(); await new Promise((next) => setTimeout(next, 20))) {
    if (performance.now() > endsAt) throw new Error("it has not come true");
  }
}

/** A server that nobody listens to the complaints of. */
function openServer(client: ServerStorageOptions["client"], connection: string): ImServer {
  const quiet = () => {};
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const im = createImServer({ auth, logger, storage: knexStorage({ client, connection }) });
  onTestFinished(() => im.close({ graceMs: 0 }));
  return im;
}

describe.each(KINDS)("a server on %s", (name, port, client) => {
  const whyNot = whyNoDatabase(name);

  describe.skipIf(whyNot !== null)(whyNot ?? "of its own", () => {
    let database: PrivateService;
    beforeAll(async () => {
      database = await createDatabase(name, port);
    });
    afterAll(() => database?.end());

    it("starts while the database is away, answers busy meanwhile, and serves within 5 s of its return", async () => {
      await database.kill();
      const im = openServer(client, database.url);
      const { url } = await im.listen(0, { host: "127.0.0.1" });
      expect(im.health()).toMatchObject({ ready: false, storage: { state: "down" } });
      expect(im.health().storage.reason).toContain("ECONNREFUSED");

      const ada = createImClient({ url, token: "ada" });
      onTestFinished(() => ada.close());
      void ada.connect();
      const sent = ada.send({ to: { userId: "bob" }, text: "written while it was away" });
      const keyed = { to: { userId: "bob" }, text: "from the server", key: "1" } as const;
      await expect(im.messages.send(keyed)).rejects.toMatchObject({ code: "busy" });
      await expect(im.groups.create({ name: "g", ownerId: "ada", memberIds: [] })).rejects.toMatchObject({
        code: "unavailable",
      });

      await database.start();
      const servesAt = performance.now();
      await until(() => im.health().ready);
      await im.messages.send(keyed);
      const recoveryMs = performance.now() - servesAt;
      console.log(`${name}: served again ${recoveryMs.toFixed(0)} ms after the database`);
      expect(recoveryMs).toBeLessThan(RECOVERY_MS);
      await sent;
      const { messages } = await im.messages.history("bob", { userId: "ada" });
      expect(messages.map(({ text }) => text)).toEqual(["written while it was away"]);
    });

    it("says while it runs that the database has gone, and that it is back, without a restart", async () => {
      const im = openServer(client, database.url);
      await im.start();
      expect(im.health()).toMatchObject({ ready: true, storage: { state: "up" } });
      await database.kill();
      await until(() => !im.health().ready);
      await database.start();
      await until(() => im.health().ready, RECOVERY_MS);
      await im.messages.send({ to: { userId: "bob" }, text: "after it" });
    });
  });
});
