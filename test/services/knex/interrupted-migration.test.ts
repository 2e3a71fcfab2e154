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
