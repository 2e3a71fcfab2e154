import { describe, expect, inject, it, onTestFinished } from "vitest";
import { ServerPlace } from "./server-place.js";

const DATABASES = [
  ["mariadb", "mysql2"],
  ["mysql8", "mysql2"],
  ["postgres", "pg"],
] as const;

const INDEX = "create index shyim_group_member_user on shyim_group_member (user_id)";
const INDEXES = {
  mysql2:
    "select count(distinct index_name) as found from information_schema.statistics where table_schema = database() and index_name like 'shyim%'",
  pg: "select count(*) as found from pg_indexes where indexname in ('shyim_refusal_age', 'shyim_group_member_user', 'shyim_friend_b')",
};

/** As another process would hold it. */
const LOCKS = {
  mysql2: ["select get_lock('shyim_schema', 5)", "select release_lock('shyim_schema')"],
  pg: ["select pg_advisory_lock(1936226665)", "select pg_advisory_unlock(1936226665)"],
} as const;

describe.each(DATABASES)("a start on %s while another process migrates", (service, client) => {
  const url = inject("services")[service] ?? "";

  it.skipIf(url === "")(
    "waits for it, longer than a commit may take, and then starts",
    { timeout: 60_000 },
    async () => {
      const place = await ServerPlace.create(client, url);
      onTestFinished(() => place.remove());
      const knex = place.knex();
      onTestFinished(() => knex.destroy());
      const [lock, unlock] = LOCKS[client];
      const storage = place.storage();
      onTestFinished(() => storage.close());
      const heldMs = await knex.transaction(async (trx) => {
        const begin = performance.now();
        await trx.raw(lock);
        const starting = storage.start().then(() => "started");
        // Above the 15 s that a statement of a commit may take.
        const first = await Promise.race([starting, new Promise((resolve) => setTimeout(resolve, 17_000, "waits"))]);
        await trx.raw(unlock);
        expect(first).toBe("waits");
        expect(await starting).toBe("started");
        return performance.now() - begin;
      });
      expect(heldMs).toBeGreaterThan(17_000);
    },
  );
});

describe.each(DATABASES)("a migration of %s that was broken off", (service, client) => {
  const url = inject("services")[service] ?? "";

  it.skipIf(url === "")("goes on where it had come to, and makes no index twice", async () => {
    const place = await ServerPlace.create(client, url);
    onTestFinished(() => place.remove());
    const storage = place.storage();
    await storage.migrate();
    const knex = place.knex();
    onTestFinished(() => knex.destroy());
    const drop =
      client === "pg" ? "drop index shyim_group_member_user" : `${INDEX.replace("create", "drop").split(" (")[0]}`;
    await knex.raw(drop);
    await knex("shyim_meta").where({ name: "schema_version" }).delete();
    await knex.schema.dropTable("shyim_block");

    expect(await storage.migrate()).toEqual({ from: 0, to: 2 });
    const answer = await knex.raw(INDEXES[client]);
    const [row] = client === "pg" ? answer.rows : answer[0];
    expect(Number(row.found)).toBe(3);
    expect(await knex.schema.hasTable("shyim_block")).toBe(true);
  });
});
