import type { Knex } from "knex";
import { rowsOf, type ServerClient } from "./databases.js";

/** A row of the table counts each; MyISAM knows no rollback. */
const MARIADB = (probability: number): string[] => [
  "create table forced (n bigint auto_increment primary key) engine = MyISAM",
  `create trigger force_rollback before insert on shyim_inbox for each row begin
    if rand() < ${probability} then
      insert into forced values ();
      signal sqlstate '40001' set mysql_errno = 1213, message_text = 'forced by the test';
    end if;
  end`,
];

/** A sequence counts them, which knows no rollback either. */
const POSTGRES = (probability: number): string[] => [
  "create sequence forced",
  `create function force_rollback() returns trigger language plpgsql as $$ begin
    if random() < ${probability} then
      perform nextval('forced');
      raise exception 'forced by the test' using errcode = '40P01';
    end if;
    return new;
  end $$`,
  "create trigger force_rollback before insert on shyim_inbox for each row execute function force_rollback()",
];

const COUNT = {
  mysql2: "select count(*) as n from forced",
  pg: "select case when is_called then last_value else 0 end as n from forced",
} as const;

/**
 * From now on the database breaks off transactions at the last thing they write, with its own error of a deadlock: each row of
 * an inbox with this probability. Gives what counts them.
 */
export async function forceRollbacks(
  db: Knex,
  client: ServerClient,
  probability: number,
): Promise<() => Promise<number>> {
  for (const statement of (client === "pg" ? POSTGRES : MARIADB)(probability)) await db.raw(statement);
  return async () => Number((await rowsOf(db, client, COUNT[client]))[0]?.n ?? 0);
}
